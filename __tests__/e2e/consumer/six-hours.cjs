// A long step of a job: every five minutes of the world's time each cloud's own client works, those that were made at the start and new ones.
const { execFile } = require('node:child_process');
const { connect } = require('node:net');
const { promisify } = require('node:util');
const { GetCallerIdentityCommand, STSClient } = require('@aws-sdk/client-sts');
const { DefaultAzureCredential } = require('@azure/identity');
const { GoogleAuth } = require('google-auth-library');

const { env } = process;
const ARM = 'https://management.azure.com/.default';
const [hours, everyMinutes] = process.argv.slice(2).map(Number);

const google = () => new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
const storage = `https://storage.googleapis.com/storage/v1/b?project=${env.GOOGLE_CLOUD_PROJECT}`;
const aws = () => new STSClient({ maxAttempts: 1 });
const azure = () => new DefaultAzureCredential({ retryOptions: { maxRetries: 0 } });
const old = { aws: aws(), azure: azure(), gcp: google() };

const clients = {
  aws: async (client = aws()) => (await client.send(new GetCallerIdentityCommand({}))).Arn,
  azure: async (client = azure()) => (await client.getToken(ARM)).token,
  gcp: async (client = google()) => (await client.request({ url: storage, retry: false })).data.items.length,
  async vault() {
    const headers = { 'x-vault-token': env.VAULT_TOKEN };
    const answer = await fetch(`${env.VAULT_ADDR}/v1/auth/token/lookup-self`, { headers });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
  },
  // A process each, which reads its login anew.
  az: () => promisify(execFile)('az', ['account', 'get-access-token']),
  database: signIn,
};

/** Signs in to PostgreSQL with the leased user, as psql does. */
function signIn() {
  const message = (kind, body) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(kind), length, body]);
  };
  const version = Buffer.from([0, 3, 0, 0]);
  const startup = Buffer.concat([version, Buffer.from(`user\0${env.DB_USER}\0database\0postgres\0\0`)]);
  return new Promise((ok, bad) => {
    const socket = connect(Number(env.DATABASE_PORT), '127.0.0.1', () => socket.write(message('', startup)));
    socket.on('error', bad).on('data', (data) => {
      const kind = String.fromCharCode(data[0]);
      if (kind !== 'R') bad(new Error(data.toString()));
      else if (data.readInt32BE(5) === 3) return void socket.write(message('p', Buffer.from(`${env.DB_PASSWORD}\0`)));
      else ok();
      socket.end();
    });
  });
}

/** What a user would read. */
function textOf(error) {
  const answered = error.response?.data;
  return [error.name, error.message, answered && JSON.stringify(answered), error.cause?.message]
    .filter(Boolean)
    .join(' ');
}

/** Lets the world's time pass, for this process too. */
function pass(minutes) {
  return new Promise((ok, bad) => {
    const socket = connect(Number(env.WORLD_TIME), '127.0.0.1', () => socket.write(`${minutes * 60_000}\n`));
    socket
      .on('data', () => {})
      .on('end', ok)
      .on('error', bad);
  });
}

async function work() {
  const failures = [];
  let calls = 0;
  for (let minute = 0; minute < hours * 60; minute += everyMinutes) {
    for (const [cloud, ask] of Object.entries(clients)) {
      for (const client of cloud in old ? [old[cloud], undefined] : [undefined]) {
        calls++;
        await ask(client).catch((error) => failures.push({ cloud, minute, text: textOf(error) }));
      }
    }
    await pass(everyMinutes);
  }
  process.stdout.write(`worked ${JSON.stringify({ calls, failures })}\n`);
}

work();
