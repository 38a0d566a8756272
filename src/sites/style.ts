/** One small style for all sites; each has its own colours and its own typeface. */

export interface Look {
  readonly font: string;
  /** Of the accent on light and on dark grounds. */
  readonly accent: readonly [light: string, dark: string];
  readonly ground: readonly [light: string, dark: string];
  readonly ink: readonly [light: string, dark: string];
}

export function styleSheet({ font, accent, ground, ink }: Look): string {
  const colours = (at: 0 | 1) =>
    `--accent: ${accent[at]}; --ground: ${ground[at]}; --ink: ${ink[at]}; --on-accent: ${at === 0 ? '#fff' : '#14110e'};`;
  return `:root { color-scheme: light dark; ${colours(0)} --line: color-mix(in srgb, var(--ink) 25%, transparent); }
@media (prefers-color-scheme: dark) { :root { ${colours(1)} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 1.25rem 3rem; max-width: 60rem; background: var(--ground); color: var(--ink); font: 1.05rem/1.6 ${font}; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; justify-content: space-between; padding: 1rem 0 .75rem; border-bottom: 3px solid var(--accent); }
.site { display: flex; gap: .6rem; align-items: center; font-size: 1.4rem; font-weight: 700; color: inherit; text-decoration: none; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
a { color: var(--accent); text-underline-offset: .2em; }
h1 { margin: 1.5rem 0 .5rem; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2rem 0 .5rem; font-size: 1.25rem; }
img { max-width: 100%; height: auto; }
.notice { border-left: .3rem solid var(--accent); padding: .4rem .9rem; background: color-mix(in srgb, var(--accent) 10%, transparent); }
.bad { font-weight: 600; }
.goods { display: grid; grid-template-columns: repeat(auto-fill, minmax(max(9rem, 30%), 1fr)); gap: 1rem; padding: 0; list-style: none; }
.goods a { display: block; height: 100%; padding: 1rem; border: 1px solid var(--line); border-radius: .6rem; color: inherit; text-decoration: none; }
.goods a:hover, .goods a:focus-visible { border-color: var(--accent); }
.goods img { display: block; width: 100%; border-radius: .4rem; }
.goods strong { display: block; margin-top: .6rem; }
.line { display: flex; flex-wrap: wrap; gap: 0 .6rem; }
.good { display: grid; grid-template-columns: minmax(10rem, 20rem) 1fr; gap: 1.5rem; align-items: start; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.5rem; }
.two > * { min-width: 0; }
form { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; margin: .75rem 0; }
label { display: grid; gap: .15rem; }
input, button { font: inherit; padding: .4rem .7rem; border: 1px solid var(--line); border-radius: .4rem; }
button { border-color: var(--accent); background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.plain { background: transparent; color: var(--accent); }
input[type=number] { width: 5rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: middle; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
pre, code { font: .9rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .4rem; white-space: pre-wrap; }
.ad { margin: 2.5rem 0 0; text-align: center; }
.ad small { display: block; }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: .9rem; }
@media (max-width: 34rem) { .good { grid-template-columns: 1fr; } .good img { max-width: 12rem; } }
`;
}
