// HTML as tagged templates: what is put in is escaped, unless it is HTML made here.
class Html {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function show(value) {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(show).join('');
  if (value === null || value === undefined || value === false) return '';
  return String(value).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
}

export function html(parts, ...values) {
  return new Html(parts.reduce((text, part, i) => text + show(values[i - 1]) + part));
}

const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });

// 2026-12-02 10:43:20, Shanghai.
export const time = (date) => format.format(new Date(date));

// The frame of every page: the hazard band must stand on each. top: what else belongs to the head.
export function page(title, body, { offset = 0, script = false, top = null } = {}) {
  return html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · 沙盒（测试环境）</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
${script && html`<script src="/home.js" defer></script>`}
</head>
<body>
<header>
<div class="band"><p><strong class="stamp">测试环境</strong> 这里扮演平台之外的世界。人员、单位、短信全是编造的，和公安部平台无关。</p>
${offset !== 0 && html`<p>平台时钟比真实时间${offset > 0 ? '快' : '慢'} <strong class="stamp">${duration(Math.abs(offset))}</strong></p>`}</div>
${top}
</header>
${body}
</body>
</html>
`.text;
}

function duration(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor((seconds % 86400) / 3600), Math.floor((seconds % 3600) / 60)];
  const words = [days && `${days} 天`, hours && `${hours} 小时`, minutes && `${minutes} 分钟`].filter(Boolean);
  return words.join(' ') || `${seconds} 秒`;
}
