/** How the page of the API document looks: readable on paper, on a phone and in the dark. */
export const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
h1 small { font-weight: 400; opacity: .6; font-size: 1rem; }
h2 { border-bottom: 2px solid var(--line); padding-bottom: .25rem; margin-top: 3rem; }
h3 { margin: 0 0 .5rem; font-size: 1.05rem; }
h4 { margin: 1rem 0 .25rem; font-size: .85rem; text-transform: uppercase; letter-spacing: .05em; opacity: .7; }
nav a { margin-right: .75rem; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; overflow-x: auto; }
article:target, tr:target { outline: 2px solid #d9822b; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
td, th { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--line); }
code { font: .95em ui-monospace, monospace; }
em { opacity: .65; font-size: .85em; }
b.get { color: #1f78b4; } b.post { color: #2c8a3d; } b.put { color: #b8650a; }
tr.s4 td:first-child, tr.s5 td:first-child { color: #b3261e; }
`;
