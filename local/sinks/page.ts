/** How many of the newest messages a page lists. */
const LISTED = 200;

export interface PageItem {
  readonly no: number;
  readonly at: string;
  readonly key: string;
  readonly channel: string;
  readonly to: string;
  readonly title: string;
  readonly text: string;
}

export interface Page {
  readonly title: string;
  /** In the order of arrival; the newest 200 are listed, newest first. */
  readonly items: readonly PageItem[];
  /** Other pages, by title. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A page for people that lists what was sent. Everything in it is escaped; it loads nothing and runs nothing. */
export function renderPage(page: Page): string {
  const links = Object.entries(page.links ?? {}).map(
    ([title, href]) => `<a href="${escape(href)}">${escape(title)}</a>`,
  );
  const items = page.items.slice(-LISTED).toReversed();
  const count = page.items.length === 1 ? '1 message' : `${page.items.length} messages`;
  const shown = page.items.length > LISTED ? `, the newest ${LISTED} below` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escape(page.title)}</h1><nav>${links.join(' ')}</nav></header>
<p>${count}${shown}. Nothing here has left this machine.</p>
${items.map(renderItem).join('\n')}
</body>
</html>
`;
}

function renderItem(item: PageItem): string {
  return `<article>
<h2><span class="channel">${escape(item.channel)}</span> ${escape(item.title)}</h2>
<pre>${escape(item.text)}</pre>
<footer>#${item.no} to <b>${escape(item.to)}</b> · ${escape(item.at)} · <code>${escape(item.key)}</code></footer>
</article>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1c2430; background: #f6f7f9; }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; flex-wrap: wrap; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1rem; margin: 0 0 .4rem; }
nav a { margin-left: 1rem; color: #1d4ed8; }
article { background: #fff; border: 1px solid #dde1e7; border-radius: .5rem; padding: .8rem 1rem; margin: .8rem 0; }
pre { margin: 0 0 .5rem; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
footer { color: #5b6675; font-size: .85rem; overflow-wrap: anywhere; }
.channel { background: #e3ecff; color: #1d3f8f; border-radius: .3rem; padding: .05rem .45rem; font-size: .85rem; }
`;
