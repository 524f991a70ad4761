/**
 * Made-up secrets in real shapes and ordinary texts that look like some. Put together from parts when the tests run, so that no
 * scanner of committed text takes them for real. Tests only.
 */
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

export interface SecretText {
  readonly shape: string;
  readonly text: string;
  /** What must not be left of it. */
  readonly secret: string;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const DIGITS = '0123456789';
const ALNUM = UPPER + LOWER + DIGITS;
const HEX = `${DIGITS}abcdef`;

function pick(random: Random, alphabet: string, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += alphabet[random(alphabet.length)];
  return text;
}

/** As random keys are: of all kinds. */
function key(random: Random, length: number): string {
  return `${pick(random, ALNUM, length - 4)}${pick(random, DIGITS, 2)}${pick(random, UPPER, 1)}${pick(random, LOWER, 1)}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function jwt(random: Random): string {
  const body = base64url({ sub: pick(random, DIGITS, 8), name: 'Ann', iat: 1_700_000_000 });
  return [base64url({ alg: 'HS256', typ: 'JWT' }), body, pick(random, `${ALNUM}-_`, 43)].join('.');
}

function pem(random: Random, label: string): string {
  const lines = Array.from({ length: 4 }, () => pick(random, `${ALNUM}+/`, 64)).join('\n');
  const dashes = '-'.repeat(5);
  return `${dashes}BEGIN ${label}${dashes}\n${lines}\n${dashes}END ${label}${dashes}`;
}

function card(random: Random, prefix: string, length: number): string {
  const body = prefix + pick(random, DIGITS, length - prefix.length - 1);
  for (let check = 0; check < 10; check++) if (luhn(`${body}${check}`)) return `${body}${check}`;
  throw new Error('every number has a check digit');
}

export function luhn(digits: string): boolean {
  let sum = 0;
  [...digits].reverse().forEach((digit, i) => {
    const n = Number(digit) * (i % 2 === 1 ? 2 : 1);
    sum += n > 9 ? n - 9 : n;
  });
  return sum % 10 === 0;
}

function groups(digits: string, separator: string, ...sizes: number[]): string {
  let at = 0;
  return sizes.map((size) => digits.slice(at, (at += size))).join(separator);
}

type Shape = (random: Random) => string | Omit<SecretText, 'shape'>;

const named =
  (before: string, after: string, make: (random: Random) => string): Shape =>
  (random) => {
    const secret = make(random);
    return { text: `${before}${secret}${after}`, secret };
  };

const password: (random: Random) => string = (random) => `${pick(random, LOWER, 5)}${pick(random, DIGITS, 3)}${pick(random, '!$*#', 1)}`;

/** What a value can be. */
const SHAPES: Readonly<Record<string, Shape>> = {
  jwt,
  'jwt in a sentence': named('the token ', ' has expired', jwt),
  jwe: (r) => `${base64url({ alg: 'dir', enc: 'A256GCM' })}..${key(r, 16)}.${key(r, 60)}.${key(r, 22)}`,
  'jwt, cut by capture': (r) => jwt(r).slice(0, 80),
  'bearer token': named('Bearer ', '', (r) => key(r, 32)),
  'bearer in lower case': named('curl -H "authorization: bearer ', '"', (r) => key(r, 40)),
  'basic credentials': named('Basic ', '', (r) => base64(`ann:${key(r, 10)}`)),
  'authorization header': named('GET / HTTP/1.1\r\nAuthorization: Basic ', '\r\nHost: x', (r) => base64(`bob:${key(r, 12)}`)),
  'private key': (r) => pem(r, ['RSA', 'PRIVATE', 'KEY'].join(' ')),
  'private key, pkcs8': (r) => pem(r, ['PRIVATE', 'KEY'].join(' ')),
  'private key, openssh': (r) => pem(r, ['OPENSSH', 'PRIVATE', 'KEY'].join(' ')),
  'private key, cut by capture': (r) => pem(r, ['EC', 'PRIVATE', 'KEY'].join(' ')).slice(0, 200),
  'private key in JSON': (r) => JSON.stringify({ type: 'service_account', pem: pem(r, ['PRIVATE', 'KEY'].join(' ')) }),
  'aws access key': (r) => ['AK', 'IA'].join('') + pick(r, `${UPPER}234567`, 16),
  'aws temporary key': (r) => ['AS', 'IA'].join('') + pick(r, `${UPPER}234567`, 16),
  'aws secret key': named('aws_secret_access_key = ', '\n', (r) => key(r, 40)),
  'aws presigned URL': named('https://b.s3.amazonaws.com/k?X-Amz-Expires=300&X-Amz-Signature=', '&x-id=GetObject', (r) => pick(r, HEX, 64)),
  'github token': (r) => `gh${pick(r, 'pousr', 1)}_${key(r, 36)}`,
  'github fine-grained token': (r) => ['github', 'pat', `${key(r, 22)}_${key(r, 59)}`].join('_'),
  'gitlab token': (r) => ['gl', 'pat-'].join('') + key(r, 20),
  'slack token': (r) => ['xo', 'xb-'].join('') + `${pick(r, DIGITS, 11)}-${pick(r, DIGITS, 12)}-${key(r, 24)}`,
  'slack webhook': (r) => ['https://hooks.slack', 'com/services'].join('.') + `/T${pick(r, UPPER, 8)}/B${pick(r, UPPER, 8)}/${key(r, 24)}`,
  'stripe secret key': (r) => ['sk', 'live', key(r, 24)].join('_'),
  'stripe restricted key': (r) => ['rk', 'test', key(r, 24)].join('_'),
  'stripe webhook secret': (r) => ['wh', 'sec_'].join('') + key(r, 32),
  'google api key': (r) => ['AI', 'za'].join('') + key(r, 35),
  'google oauth token': (r) => ['ya', '29.'].join('') + key(r, 60),
  'openai key': (r) => ['sk', 'proj', key(r, 48)].join('-'),
  'anthropic key': (r) => ['sk', 'ant', 'api03', key(r, 80)].join('-'),
  'npm token': (r) => ['np', 'm_'].join('') + key(r, 36),
  'sendgrid key': (r) => ['S', 'G.'].join('') + `${key(r, 22)}.${key(r, 43)}`,
  'mailgun key': (r) => ['key', pick(r, HEX, 32)].join('-'),
  'telegram bot token': (r) => `${pick(r, '123456789', 9)}:${['A', 'A'].join('')}${key(r, 33)}`,
  'digitalocean token': (r) => ['dop', 'v1', pick(r, HEX, 64)].join('_'),
  'shopify token': (r) => ['sh', 'pat_'].join('') + pick(r, HEX, 32),
  'hugging face token': (r) => ['h', 'f_'].join('') + key(r, 34),
  'vault token': (r) => ['hv', 's.'].join('') + key(r, 24),
  'card, visa': (r) => card(r, '4', 16),
  'card, mastercard with spaces': (r) => groups(card(r, '55', 16), ' ', 4, 4, 4, 4),
  'card, visa with hyphens': (r) => groups(card(r, '4', 16), '-', 4, 4, 4, 4),
  'card, amex with spaces': (r) => groups(card(r, '37', 15), ' ', 4, 6, 5),
  'card in JSON': named('{"number":', ',"month":3}', (r) => card(r, '4', 16)),
  'card in an error': named('payment with ', ' was declined', (r) => card(r, '2221', 16)),
  'password in a URL': named('postgres://app:', '@db.internal:5432/orders', password),
  'password in a URL in an error': named('connect ECONNREFUSED redis://default:', '@10.0.0.1:6379', password),
  'password in a URL, cut by capture': named('mongodb+srv://ann:', '', password),
  'token in a query': named('https://api.example.com/v1/users?page=2&access_token=', '&sort=name', (r) => key(r, 20)),
  'key in a query': named('/v1/geo?api_key=', '', (r) => key(r, 16)),
  'password in a query within a query': named('/login?next=%2Fhome%3Fpassword%3D', '%26x%3D1', (r) => key(r, 10)),
  'oauth code': named('https://app.example.com/callback?code=', '&state=x', (r) => key(r, 24)),
  'password in JSON': named('{"user":"ann","password":"', '"}', password),
  'password in JSON in JSON': (r) => {
    const secret = password(r);
    return { text: JSON.stringify({ body: JSON.stringify({ password: secret, user: 'ann' }) }), secret };
  },
  'secret in an environment file': named('PORT=80\nCLIENT_SECRET=', '\nHOST=x', (r) => key(r, 12)),
  'password in a connection string': named('Server=db;User Id=sa;Password=', ';Encrypt=true', password),
  'password in an error': named('login failed for ann with password: ', '', password),
  'token in an error': named('request failed, token=', ' was revoked', (r) => key(r, 24)),
  cookie: named('Cookie: theme=dark; sid=', '\r\nHost: x', (r) => key(r, 24)),
  'set-cookie': named('connect.sid=s%3A', '; Path=/; HttpOnly', (r) => key(r, 32)),
  'set-cookie of any name': named('u=', '; Path=/; Secure; SameSite=Lax', (r) => key(r, 20)),
  'session in a cookie': named('theme=dark; session=', '', (r) => key(r, 32)),
  'cookie of a framework': named('theme=dark; connect.sid=s%3A', '; lang=de', (r) => key(r, 32)),
  'password in JSON in JSON in JSON': (r) => inJson(r, 3),
  'password in JSON, five levels deep': (r) => inJson(r, 5),
  'password in JSON in a query': (r) => {
    const secret = key(r, 12);
    return { text: `/search?filter=${encodeURIComponent(JSON.stringify({ a: 1, password: secret, b: 2 }))}`, secret };
  },
  'password in JSON in Base64': (r) => {
    const text = base64url({ user: 'ann', password: password(r) });
    return { text, secret: text.slice(24) };
  },
  'tokens in a list in JSON': named('{"tokens":["aaaa","', '"],"page":2}', (r) => key(r, 20)),
  'password under a sensitive key in JSON': named('{"credentials":{"user":"ann","value":"', '"},"page":2}', password),
  'password as name and value': named('[{"name":"theme","value":"dark"},{"name":"password","value":"', '"}]', password),
  'password in a printed Map': named("Map(2) { 'user' => 'ann', 'password' => '", "' }", password),
  'password in a hash of Ruby': named('{:user=>"ann", :password=>"', '"}', password),
  'password in XML': named('<login><user>ann</user><password>', '</password></login>', password),
  'password in SOAP': named('<wsse:Password Type="text">', '</wsse:Password>', password),
  'password in XML, cut by capture': named('<login><password>', '', password),
  'password in a form with parts': named('--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n', '\r\n--b--', password),
  'password of a command': named('mysql --user ann --password ', ' orders', password),
  'simple password of a command': named('psql --db-password ', '', (r) => `${pick(r, LOWER, 5)}${pick(r, DIGITS, 3)}`),
  'token of a command': named('deploy --region eu --auth-token ', ' --force', (r) => key(r, 16)),
  'user and password of a command': named('curl -u ann:', ' https://example.com', password),
  'password in SQL': named("ALTER USER ann WITH PASSWORD '", "'", password),
  'password in an error, quoted': named('login failed: invalid password "', '" for user ann', password),
  'password in a sentence': named('the password is ', ' until friday', password),
  'password in .netrc': named('machine db login ann password ', '', password),
  'password in YAML': named('user: ann\npassword: ', '\nport: 80', password),
  'token in a fragment': named('https://app.example.com/cb#access_token=', '&token_type=Bearer', (r) => key(r, 24)),
  'token in a query in HTML': named('<a href="/cb?a=1&amp;access_token=', '&amp;b=2">', (r) => key(r, 24)),
  'user and password in a URL of git': named('https://ann:', '@git.example.com/a.git', (r) => key(r, 20)),
  'api key in a header': named('GET / HTTP/1.1\r\nX-Api-Key: ', '\r\nHost: x', (r) => key(r, 24)),
  'card with dots': (r) => groups(card(r, '4', 16), '.', 4, 4, 4, 4),
  'card with spaces that do not break': (r) => groups(card(r, '51', 16), '\u00a0', 4, 4, 4, 4),
  'account number': (r) => account(r, 'DE', pick(r, DIGITS, 18)),
  'account number in a sentence': named('paid from ', ' on monday', (r) => account(r, 'NL', `ABNA${pick(r, DIGITS, 10)}`)),
  'account number in groups': (r) => groups(account(r, 'DE', pick(r, DIGITS, 18)), ' ', 4, 4, 4, 4, 4, 2),
};

function inJson(random: Random, levels: number): Omit<SecretText, 'shape'> {
  const secret = password(random);
  let text = JSON.stringify({ user: 'ann', password: secret, page: 2 });
  for (let level = 1; level < levels; level++) text = JSON.stringify({ body: text });
  return { text, secret };
}

/** An IBAN with its check digits. */
function account(_random: Random, country: string, rest: string): string {
  const digits = [...`${rest}${country}00`].map((sign) => Number.parseInt(sign, 36)).join('');
  return `${country}${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${rest}`;
}

export function createSecrets(count: number): SecretText[] {
  const random = createRandom(20_26);
  const shapes = Object.entries(SHAPES);
  return Array.from({ length: count }, (_, i) => {
    const [shape, make] = shapes[i % shapes.length] as [string, Shape];
    const made = make(random);
    if (typeof made !== 'string') return { shape, ...made };
    // The middle of it: a prefix that says what it was may stay.
    return { shape, text: made, secret: made.slice(Math.floor(made.length / 3), Math.ceil((made.length * 2) / 3)) };
  });
}

const WORDS =
  `author=Jane%20Austen authority=none monkey=see keyboard=qwerty keys=3 primaryKey=42 sortKey=name tokenCount=512 max_tokens=4096 tokenizer=bpe
passenger=2 compass=north bypass=true secretary=Ann pinned=true sessions=12 signal=SIGTERM cookieConsent=yes passwordLength=12 hasPassword=true tokenType=Bearer
key=name code=404 auth=none ticket=JIRA-1234 session=12 signature=none id=7 sid_count=4 cardType=visa cardinality=4 csrfEnabled=false`
    .split(/\s+/)
    .filter((word) => word !== '');

const SENTENCES: readonly string[] = [
  'the bearer of this ticket may enter once',
  'Bearer authentication is required',
  'basic understanding of the matter',
  'Basic authentication failed for user ann',
  'unexpected token } in JSON at position 17',
  'Unexpected token < in JSON at position 0',
  'token expired 3 minutes ago',
  'password must have at least 8 characters',
  'password: must be at least 8 characters',
  'password: required',
  'secret: keep it to yourself, please',
  'the cookie: a short history of baking',
  'cookies are small files',
  'authorization is not the same as authentication',
  'author: Jane Austen, monkey: see, keyboard: qwerty',
  'private key not found in /etc/ssl/private',
  'cannot read properties of undefined (reading "token")',
  'const token = await lexer.next()',
  'if (password === confirmation) return true',
  'password => hash(password)',
  'type Login = { password: string; token: string }',
  'skip to main content',
  'sk-learn and task-oriented programming',
  'risk-management-and-other-long-hyphenated-names',
  'eyJhbGciOiJub25lIn0',
  'eyJpZCI6MTIzLCJwYWdlIjoyfQ==',
  'eyJson.txt',
  'http://localhost:3000/users?page=2',
  'https://example.com/@scope/package@1.2.3',
  'https://example.com:8443/a:b@c',
  'http://127.0.0.1:80',
  'ws://[::1]:8080/live',
  'git@github.com:owner/name.git',
  'mailto:ann@example.com?subject=hello',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
  'pk_test_publishable keys are public',
  'sha512-9u8gPB3PhJ0YuW5vBZ0sJ1vQk1iS3u2gTn3oX4kq1w==',
  '2026-11-20T13:14:15.123Z',
  'Set-Cookie header is missing',
  '12:34:56 GET /users 200',
  'user:ann role:admin page:2',
  'a=1&b=2&sort=name&page=3',
  'width: 100%; height: 20px; color: #ff00ff',
  '%20%3D%3A%26',
  'the password is required',
  'the password is too-short',
  'password "field" is missing',
  'Unexpected token \'x\', "x1y2" is not valid JSON',
  'your password was changed on monday',
  'password sha-256 and password bcrypt are supported',
  'use --password <password> or --token-file path/to/file',
  'usage: login [--password PASSWORD] [--token TOKEN]',
  'docker run --user 1000:1000 -u 0:0 image',
  'Usage: cli <token> [options]',
  '<div><span>password</span></div>',
  '<input type="password" name="password">',
  'a > b && c < d, x => y',
  "{ 'a' => 'b', 'author' => 'Jane' }",
  '{"author":{"name":"Jane"},"monkey":["see","do"]}',
  '{"name":"author","value":"Jane Austen"}',
  'Content-Disposition: form-data; name="file"\r\n\r\nhello',
  'a\\"b\\\\"c: \\"d\\"',
  'ISO 2709 AND ISO 8601 ARE STANDARDS',
  'GB82 TEST 1234',
  '10.0.0.1:8080 10.0.0.2:8080 192.168.100.200',
];

type Plain = (random: Random) => string;

const PLAIN: readonly Plain[] = [
  // Ids of other kinds, among them numbers as long as a card's.
  (r) => `${pick(r, HEX, 8)}-${pick(r, HEX, 4)}-4${pick(r, HEX, 3)}-a${pick(r, HEX, 3)}-${pick(r, HEX, 12)}`,
  (r) => pick(r, HEX, 40),
  (r) => pick(r, HEX, 64),
  (r) => `17${pick(r, DIGITS, 11)}`,
  (r) => `17${pick(r, DIGITS, 14)}`,
  (r) => wrongCheckDigit(card(r, '4', 16)),
  (r) => groups(wrongCheckDigit(card(r, '55', 16)), ' ', 4, 4, 4, 4),
  (r) => `DE00${pick(r, DIGITS, 18)}`,
  (r) => Buffer.from(JSON.stringify({ id: r(1e6), page: r(99), sort: 'name' })).toString('base64url'),
  (r) => `<item><name>pen ${r(99)}</name><tokenCount>${r(99)}</tokenCount></item>`,
  (r) => JSON.stringify([{ name: 'colour', value: pick(r, LOWER, 9) }]),
  (r) => `9${pick(r, DIGITS, 15)}`,
  (r) => `order-${pick(r, DIGITS, 10)}`,
  (r) => `0.${card(r, '4', 16)}`,
  (r) => `v${r(20)}.${r(20)}.${r(99)}-beta.${r(9)}`,
  (r) => `src/modules/checkout/payment-provider-adapter-${r(99)}.service.ts:${r(900)}:${r(80)}`,
  (r) => `/api/v2/customers/${pick(r, DIGITS, 6)}/orders/${pick(r, DIGITS, 8)}?include=lines&limit=${r(100)}`,
  (r) => `ann.${pick(r, LOWER, 6)}@example.com`,
  (r) => `+49 170 ${pick(r, DIGITS, 4)} ${pick(r, DIGITS, 4)}`,
  (r) => `{"id":${r(1e6)},"author":"${pick(r, LOWER, 6)}","keyboard":"qwerty","tokenCount":${r(4096)}}`,
];

function wrongCheckDigit(number: string): string {
  return number.slice(0, -1) + String((Number(number.at(-1)) + 1) % 10);
}

export function createLookAlikes(count: number): string[] {
  const random = createRandom(4711);
  const texts = [...WORDS, ...SENTENCES];
  for (let i = 0; texts.length < count; i++) texts.push((PLAIN[i % PLAIN.length] as Plain)(random));
  return texts;
}
