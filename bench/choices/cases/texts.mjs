/** What is kept of a text: short ones (20 characters) and ones beyond the limit (2,000), each another one in a ring of sixteen. */
const TEXTS = 1000;
const LIMIT = 255;
const refs = Array.from({ length: TEXTS }, () => undefined);
const bytes = new Uint8Array(TEXTS * 800);
const scratch = Buffer.allocUnsafeSlow(8192);
const encoder = new TextEncoder();
const make = (length) => Array.from({ length: 16 }, (_, i) => String.fromCharCode(97 + i).repeat(length));
const short = make(20);
const long = make(2000);

const run = (texts, keep) => () => {
  for (let i = 0; i < TEXTS; i++) keep(texts[i & 15], i);
  return refs.length;
};
const reference = (text, i) => {
  refs[i] = text;
};
const cut = (text, i) => {
  refs[i] = text.slice(0, LIMIT);
};
/** What `slice` gives still holds the whole text. */
const copy = (text, i) => {
  let chars = '';
  for (let k = 0; k < LIMIT; k++) chars += text[k];
  refs[i] = chars;
};
const viaBuffer = (text, i) => {
  scratch.write(text.slice(0, LIMIT), 0, 'utf16le');
  refs[i] = scratch.toString('utf16le', 0, LIMIT * 2);
};
const encode = (text, i) => {
  refs[i] = encoder.encodeInto(text.length > LIMIT ? text.slice(0, LIMIT) : text, bytes.subarray(i * 800)).written;
};

export const title = 'texts';
export const operations = TEXTS;
export const chosen = 'short: the reference';
export const batch = {
  'short: the reference': run(short, reference),
  'short: UTF-8 at once': run(short, encode),
  'long: a slice (keeps the whole text alive)': run(long, cut),
  'long: a copy through a buffer': run(long, viaBuffer),
  'long: a copy by characters': run(long, copy),
  'long: UTF-8 at once': run(long, encode),
};
