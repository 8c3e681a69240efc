// How Prettier writes TypeScript, JSON and Markdown: its defaults, but for
// single quotes.
export default { singleQuote: true };
