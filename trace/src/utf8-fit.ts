/** How many bytes a text takes in UTF-8, and texts cut to a number of them. */

/** Bytes of `text` in UTF-8; a lone surrogate counts as the three of its replacement. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // The two units of a pair take four bytes together.
    if (unit >= 0xd800 && unit <= 0xdbff && isLow(text.charCodeAt(i + 1))) i++;
  }
  return bytes;
}

/**
 * `text` when it takes at most `room` bytes, else its beginning and `…` (3 bytes) within `room`. Lone surrogates, which no UTF-8 holds,
 * become U+FFFD.
 */
export function fitUtf8(text: string, room: number): { readonly text: string; readonly cut: boolean } {
  let bytes = 0;
  let end = 0;
  let illFormed = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    let size = unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    if (unit >= 0xd800 && unit <= 0xdfff) {
      if (unit <= 0xdbff && isLow(text.charCodeAt(i + 1))) {
        size = 4;
        i++;
      } else {
        illFormed = true;
      }
    }
    if (bytes + size > room) return { text: `${clean(text.slice(0, end), illFormed)}…`, cut: true };
    bytes += size;
    // The last place at which the text can end and leave room for the mark.
    if (bytes + 3 <= room) end = i + 1;
  }
  return { text: clean(text, illFormed), cut: false };
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function clean(text: string, illFormed: boolean): string {
  return illFormed ? text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd') : text;
}
