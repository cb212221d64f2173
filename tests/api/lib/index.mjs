// What an API test imports: import { test, finish, person, officer, … } from './lib/index.mjs';
export { Client, request, URL_ as URL, SANDBOX } from './http.mjs';
export * from './check.mjs';
export * from './people.mjs';
export * from './clock.mjs';
export { png, upload, chunk, header, PNG_SIGNATURE } from './png.mjs';
export { startPlatform, freePort } from './platform.mjs';
