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
td:first-child { width: 11rem; }
table table { margin: .25rem 0; font-size: 1em; }
table table td:first-child { width: 7rem; }
.answers td:first-child { width: 2.5rem; }
.answers td a { margin-right: .5rem; }
tr.usual { opacity: .7; font-size: .9em; }
.answers tr.usual a { margin-right: 0; }
td { overflow-wrap: break-word; }
td:last-child { width: auto; }
code { font: .95em ui-monospace, monospace; }
em { opacity: .65; font-size: .85em; }
b.get { color: #1f78b4; } b.post { color: #2c8a3d; } b.put { color: #b8650a; }
@media (max-width: 40rem) {
  tr { display: block; border-top: 1px solid var(--line); padding: .4rem 0; }
  table table { padding-left: 1rem; }
  td, td:first-child, table table td:first-child { display: block; width: auto; border: 0; padding: 0; }
}
tr.s4 td:first-child, tr.s5 td:first-child { color: #b3261e; }
`;
