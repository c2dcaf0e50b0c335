// Runs before start, zhixiang and test. Plain JavaScript that any Node reads: one sentence instead of a syntax error.
// npm scripts find Node 24 in node_modules/.bin by themselves, unless install scripts were skipped.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`当前的 Node ${process.versions.node} 太旧，直享需要 22.18 或更新。请执行 npm ci（不要加 --ignore-scripts），它会装好自带的 Node 24；或者自行安装新版 Node。`);
  process.exit(1);
}
