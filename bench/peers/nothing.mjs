// Node.js itself.
console.log('ready');
setInterval(() => {}, 60_000);
