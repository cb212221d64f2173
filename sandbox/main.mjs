// The outside world of the filing platform, for tests and for trying it out: identity platforms,
// SMS gateway, DNS, web sites behind a proxy, and the clock.
import { readConfig } from './config.mjs';
import { openWorld } from './world.mjs';

// oidc-provider talks about draft features and defaults on stdout; ours belongs to one line.
console.info = console.log = console.error;

function leave(error) {
  const sentences = { EADDRINUSE: '已被占用', EACCES: '没有权限使用', EADDRNOTAVAIL: '不是这台机器的', ENOSPC: '所在的磁盘已满', EROFS: '所在的磁盘只读', ENOENT: '所在的目录不存在', ENOTDIR: '的上级不是目录' };
  const thing = error.path ?? `地址 ${error.address}:${error.port}`;
  const sentence = sentences[error.code] ? `${thing} ${sentences[error.code]}。` : error.message;
  process.stderr.write(`沙盒没有启动：${sentence}\n`);
  process.exit(1);
}

const stop = () => process.exit(0); // all state is on disk before it is answered
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

try {
  const { url } = await openWorld(readConfig());
  process.stdout.write(`sandbox ready ${url}\n`);
} catch (error) {
  leave(error);
}
