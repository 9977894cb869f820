// A program, not a handler: it runs once, and what it prints is its result. For a schedule.
const now = new Date();
console.error(`tick of execution ${process.env.CODERUNNER_EXECUTION_ID}`);
console.log(JSON.stringify({ minute: now.toISOString().slice(0, 16), memory: process.memoryUsage().rss }));
