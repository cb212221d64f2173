#!/usr/bin/env python3
"""Checks the files of forms/ and turns them into C.

usage: forms.py check DIR [MORE]         tell what is wrong, exit code 1; MORE adds or overrides files as BEIAN_FORMS does
       forms.py embed DIR OUT_C          check, then write all files as one C array (only when it changes)
       forms.py freeze DIR KIND [MORE]   write archive/KIND-VERSION.json (in MORE, if given): the definition as it is now,
                                         with its blocks, lists and texts, before its next version is made

Files are checked by schema.json (the part of JSON Schema that it uses) and for the names they refer to. The loader in C
checks the rest (conditions, places) and is the only judge at run time.
"""
import json
import re
import sys
from pathlib import Path

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
SINGLE = {"regions.json": "regions", "units.json": "units", "providers.json": "providers"}
FOLDERS = {"blocks": "block", "choices": "choices", "texts": "text", "archive": "archived"}


def is_type(value, name):
    if name in ("number", "integer"):
        return isinstance(value, (int, float)) and not isinstance(value, bool) and (name == "number" or value == int(value))
    return isinstance(value, TYPES[name])


def problems(schema, value, root, at=""):
    """Yields "path: reason" for each rule of the schema that the value breaks."""
    if "$ref" in schema:
        yield from problems(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], value, root, at)
    if "type" in schema and not is_type(value, schema["type"]):
        yield f"{at or '/'}: is no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at or '/'}: is none of {schema['enum']}"
    if "anyOf" in schema and all(any(True for _ in problems(s, value, root)) for s in schema["anyOf"]):
        yield f"{at or '/'}: fits none of the forms it may have"
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            yield f"{at or '/'}: is empty"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at or '/'}: does not match {schema['pattern']}"
    if is_type(value, "number") and value < schema.get("minimum", value):
        yield f"{at or '/'}: is less than {schema['minimum']}"
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{at or '/'}: has too few items"
        for i, item in enumerate(value):
            yield from problems(schema.get("items", {}), item, root, f"{at}/{i}")
    if isinstance(value, dict):
        yield from object_problems(schema, value, root, at)


def object_problems(schema, value, root, at):
    if len(value) < schema.get("minProperties", 0):
        yield f"{at or '/'}: is empty"
    for name in schema.get("required", []):
        if name not in value:
            yield f"{at or '/'}: \"{name}\" is missing"
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    for name, item in value.items():
        if name in known:
            yield from problems(known[name], item, root, f"{at}/{name}")
        elif others is False:
            yield f"{at or '/'}: unknown member \"{name}\""
        else:
            yield from problems(others, item, root, f"{at}/{name}")


def unique_members(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice: " + ", ".join(k for k, _ in pairs))
    return found


def read_files(directory, more=None):
    files = {}
    # A folder that is none of the known ones (trials, examples) belongs to somebody else.
    paths = [(d, p) for d in [directory, more] if d for p in sorted(d.rglob("*.json"))]
    for root, path in paths:
        name = path.relative_to(root).as_posix()
        if "/" in name and name.split("/")[0] not in FOLDERS:
            continue
        try:
            files[name] = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique_members)
        except ValueError as error:
            sys.exit(f"{path}: {error}")
    return files


def part_of(name):
    return SINGLE.get(name) or FOLDERS.get(name.split("/")[0] if "/" in name else "", "definition")


def definitions(files):
    return {n: f for n, f in files.items() if n != "schema.json" and part_of(n) == "definition"}


def expand(definition, files):
    """The definition with its blocks inlined, as the loader does it."""
    made = json.loads(json.dumps(definition))
    for step in made["steps"]:
        for section in step.get("sections", []):
            if "use" not in section:
                continue
            block = files.get(f"blocks/{section.pop('use')}.json", {"fields": []})
            omit, changes = section.pop("omit", []), section.pop("with", {})
            fields = [{**f, **changes.get(f["key"], {})} for f in block["fields"] if f["key"] not in omit]
            section["fields"] = fields + section.get("fields", [])
    return made


def named(definition):
    """Names of the lists and texts a definition (expanded) uses."""
    lists, texts = set(), {definition[k] for k in ["notice"] if k in definition}
    for step in definition["steps"]:
        texts |= {step[k] for k in ("text", "note") if k in step}
        for section in step.get("sections", []):
            for field in section["fields"]:
                lists |= {f["choices"] for f in [field, *field.get("fields", [])] if "choices" in f}
    return lists, texts


def check_references(files):
    for name, definition in definitions(files).items():
        for step in definition["steps"]:
            for section in step.get("sections", []):
                if "use" in section and f"blocks/{section['use']}.json" not in files:
                    yield f"{name}: no block \"{section['use']}\""
        lists, texts = named(expand(definition, files))
        yield from (f"{name}: no list \"{n}\"" for n in sorted(lists) if f"choices/{n}.json" not in files)
        yield from (f"{name}: no text \"{n}\"" for n in sorted(texts) if f"texts/{n}.json" not in files)
    leaves = {d[0] for p in files["regions.json"]["regions"] for c in p[2] for d in (c[2] or [c])}
    for row in files["providers.json"]["items"]:
        if row["region"] not in leaves:
            yield f"providers.json: {row['id']}: no region {row['region']}"


def check(directory, more=None):
    files = read_files(directory, more)
    root = files["schema.json"]
    found = [f"{name}: {p}" for name, value in files.items() if name != "schema.json"
             for p in problems(root["$defs"][part_of(name)], value, root)]
    if not found:
        found = list(check_references(files))
    if found:
        sys.exit("\n".join(f"forms/{line}" for line in found))
    return files


def c_text(text):
    """Bytes as C string literals of a line each; three octal digits cannot swallow what follows."""
    data = text.encode("utf-8")
    lines = []
    for start in range(0, len(data), 120):
        chunk = data[start:start + 120]
        lines.append('"' + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in chunk) + '"')
    return "\n".join(lines) or '""'


def embed(directory, out):
    files = check(directory)
    parts = ["// Made by forms/forms.py from forms/: do not edit.\n#include \"form/model.h\"\n\nconst form_file form_files[] = {"]
    for name, value in files.items():
        if name == "schema.json":
            continue
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        parts.append(f'{{"{name}",\n{c_text(text)},\n{len(text.encode("utf-8"))}}},')
    parts.append("{0}};\n")
    made = "\n".join(parts)
    if not out.exists() or out.read_text(encoding="utf-8") != made:
        out.write_text(made, encoding="utf-8")


def freeze(directory, kind, more=None):
    files = check(directory, more)
    definition = next((d for d in definitions(files).values() if d["kind"] == kind), None)
    if not definition:
        sys.exit(f"no definition of the kind {kind}")
    full = expand(definition, files)
    lists, texts = named(full)
    value = {"definition": full, "lists": {n: files[f"choices/{n}.json"]["items"] for n in sorted(lists)},
             "texts": {n: files[f"texts/{n}.json"] for n in sorted(texts)}}
    path = (more or directory) / "archive" / f"{kind}-{definition['version']}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(path)


def main(args):
    command, paths = args[:1], [Path(a) for a in args[1:]]
    if command == ["check"] and len(paths) in (1, 2):
        check(*paths)
    elif command == ["embed"] and len(paths) == 2:
        embed(*paths)
    elif command == ["freeze"] and len(paths) in (2, 3):
        freeze(paths[0], args[2], *paths[2:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
