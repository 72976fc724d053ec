/** Markup that is safe to put into a page. Only `text` and `element` make it. */
export type Markup = string;

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const VOID_ELEMENTS = ['meta', 'br', 'hr'];
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Words as markup: what they hold is shown, never interpreted. */
export function text(words: string | number): Markup {
  return String(words).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** An HTML or SVG element; attributes that are undefined are left out, numbers are rounded to a tenth. */
export function element(name: string, attributes: Attributes, ...children: readonly Markup[]): Markup {
  const written = Object.entries(attributes)
    .map(([key, value]) =>
      value === undefined ? '' : ` ${key}="${text(typeof value === 'number' ? tenth(value) : value)}"`,
    )
    .join('');
  return VOID_ELEMENTS.includes(name) ? `<${name}${written}>` : `<${name}${written}>${children.join('')}</${name}>`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
