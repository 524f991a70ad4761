import { describe, expect, it } from 'vitest';
import { isSensitiveName, nameSegments } from '../src/redaction.ts';

const SENSITIVE = `
  password Password PASSWORD userPassword user_password password2 passwordHash passwd mysql_pwd pwd dbPass passphrase passcode newPassword confirmPassword #password _password $password
  secret clientSecret client_secret AWS_SECRET_ACCESS_KEY secretKey secrets jwtSecret webhookSecret stripeSecretKey
  token accessToken access_token refreshToken x-auth-token XSRF-TOKEN idToken apiToken token1 githubToken TWILIO_AUTH_TOKEN bearerToken jwt JWTs
  apiKey api_key APIKey x-api-key apikey myApiKey apiKeys API_KEY_ID appKey accessKey privateKey private_key privateKeyPem sshKey gpg_key encryptionKey signingKey masterKey licenseKey
  authorization Authorization proxy-authorization authHeader auth basicAuth cookie Cookie set-cookie sessionCookie
  credential credentials awsCredentials sessionId session_id PHPSESSID JSESSIONID connect.sid csrf _csrf csrfToken
  creditCard credit_card creditCardNumber cardNumber cc_number cvv cvc2 securityCode pin pinCode ssn socialSecurityNumber passportNumber iban
  otp totp 2fa securityAnswer recoveryCodes connectionString databaseUrl DATABASE_URL dbUrl mongoUri dsn userpassword mypasswd1 phpsessid seedPhrase
`
  .trim()
  .split(/\s+/);

const ORDINARY = `
  author authors authority authored monkey monkeys keyboard key keys keyCode primaryKey foreignKey cacheKey sortKey keyName publicKey turkey donkey
  tokenize tokenizer tokenCount maxTokens promptTokens completion_tokens totalTokens tokenType tokenIndex tokenLimit broken spoken
  passenger passengers passed passCount bypass compass passage passThrough pass_through password_length passwordStrength passwordPolicy hasPassword isPasswordValid minPasswordLength passwordField
  pinned pinnedItems spin pinColor mapPin opinion shipping secretary secretaries discreet secretName
  cookieConsent cookieName cookiePath cookieless assignee signature signal session sessions salt nonce id sid_count identity
  card cardType discard cardinality code zipCode postalCode statusCode country account accountName username email name title
  authorize authorName authenticated author_id keynote certificate description url baseUrl host port path value data x i __proto__ constructor toString hasOwnProperty
`
  .trim()
  .split(/\s+/);

describe('isSensitiveName', () => {
  it.each(SENSITIVE)('hides %s', (name) => {
    expect(isSensitiveName(name)).toBe(true);
    expect(isSensitiveName(name)).toBe(true);
  });

  it.each(ORDINARY)('leaves %s alone', (name) => {
    expect(isSensitiveName(name)).toBe(false);
    expect(isSensitiveName(name)).toBe(false);
  });

  it('finds no secret in an empty name, in punctuation or in other scripts', () => {
    for (const name of ['', '_', '$$', '-', '.', '😀', 'Straße', 'имя']) expect(isSensitiveName(name)).toBe(false);
  });

  it('hides a secret in the first 128 units of a name of any length and forgets what it need not remember', () => {
    expect(isSensitiveName(`password_${'x'.repeat(1_000_000)}`)).toBe(true);
    for (let i = 0; i < 10_000; i++) isSensitiveName(`data${i}x`);
    expect(isSensitiveName('password')).toBe(true);
    expect(isSensitiveName('data5x')).toBe(false);
  });
});

describe('nameSegments', () => {
  it.each([
    ['userPassword', ['user', 'password']],
    ['XMLApiKey2', ['xml', 'api', 'key', '2']],
    ['x-api_key.id', ['x', 'api', 'key', 'id']],
    ['userIDs', ['user', 'ids']],
    ['JWTs', ['jwts']],
    ['APIKey', ['api', 'key']],
    ['A', ['a']],
    ['aB', ['a', 'b']],
    ['Straße', ['straße']],
    ['__init__', ['init']],
  ])('splits %s', (name, segments) => {
    expect(nameSegments(name)).toEqual(segments);
  });
});
