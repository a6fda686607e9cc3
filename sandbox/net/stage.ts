// One request on the stage: journalled, handed to its service, and answered as the faults have it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call, Fault, Reply, Service, Traffic } from '../service.ts';
import { readBody } from './body.ts';
import { flatten, type Line, send, sendFiller, sendHalf, sendSlowly } from './delivery.ts';
import { takeFault } from './faults.ts';
import type { Journal } from './journal.ts';
import type { Pauses } from './pauses.ts';

export interface Stage {
  readonly services: readonly Service[];
  /** Live. */
  readonly faults: readonly Fault[];
  readonly journal: Journal;
  readonly pauses: Pauses;
  /** Milliseconds before each request reaches its service: the network's and the server's share together. */
  readonly latencyMs: number;
  /** What the authorities' Date headers say, milliseconds: the AWS SDKs set their clock by it. */
  readonly now: () => number;
}

/** Faults that act before the service is asked; what is left acts on its answer. */
const UNASKED = new Set<Fault['kind']>(['status', 'reset', 'close', 'hang', 'oversize']);

/** The service that plays a host. */
export function serviceOf(services: readonly Service[], host: string): Service | undefined {
  return services.find((service) => service.plays(host));
}

/** Answers one request that came in on `line` for `service`. Never rejects: a client that went away is no error of the world's. */
export async function perform(
  stage: Stage,
  service: Service,
  line: Line,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const start = Date.now();
  response.on('error', () => {});
  const body = await readBody(request).catch(() => null);
  if (body === null) return;
  if (body === undefined) return send(response, refusal(413, 'Payload Too Large'));
  const call = callOf(line, path, request, body);
  if (call === undefined) return send(response, refusal(400, 'Bad Request'));
  if (!line.door && isMisdirected(call, line)) return send(response, refusal(421, 'Misdirected Request'));
  const entry: Traffic = { service: service.name, operation: service.operation(call), call, start };
  stage.journal.traffic.push(entry);
  await play(stage, service, line, entry, response);
  entry.end = Date.now();
}

async function play(
  stage: Stage,
  service: Service,
  line: Line,
  entry: Traffic,
  response: ServerResponse,
): Promise<void> {
  const { call, operation } = entry;
  const fault = takeFault(stage.faults, { service: service.name, host: call.host, operation });
  if (stage.latencyMs > 0 && !(await stage.pauses.wait(stage.latencyMs))) return;
  if (fault?.kind === 'delay' && !(await stage.pauses.wait(fault.ms ?? 0))) return;
  if (fault !== undefined && UNASKED.has(fault.kind)) return unasked(fault, line, entry, response);
  const answer = await ask(service, call);
  const reply = { ...answer, headers: { date: new Date(stage.now()).toUTCString(), ...answer.headers } };
  entry.replyBody = reply.body ?? '';
  entry.outcome = fault === undefined || fault.kind === 'delay' ? reply.status : fault.kind;
  if (fault?.kind === 'reset-after') line.raw.resetAndDestroy();
  else if (fault?.kind === 'truncate') sendHalf(response, reply, line);
  else if (fault?.kind === 'slow') await sendSlowly(response, reply, fault.ms ?? 50, stage.pauses);
  else if (fault?.kind !== 'hang-after') send(response, reply);
}

async function unasked(fault: Fault, line: Line, entry: Traffic, response: ServerResponse): Promise<void> {
  entry.outcome = fault.kind;
  if (fault.kind === 'reset') line.raw.resetAndDestroy();
  if (fault.kind === 'close') line.socket.destroySoon();
  if (fault.kind === 'oversize') await sendFiller(response, fault);
  if (fault.kind !== 'status') return;
  const reply = fault.reply ?? { status: 500 };
  entry.outcome = reply.status;
  entry.replyBody = reply.body ?? '';
  send(response, reply);
}

/** A service that throws is a defect of the sandbox: the client sees a 500 that says so. */
async function ask(service: Service, call: Call): Promise<Reply> {
  try {
    return await service.answer(call);
  } catch (thrown) {
    const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return {
      status: 500,
      headers: { 'content-type': 'text/plain' },
      body: `sandbox defect in ${service.name}: ${reason}`,
    };
  }
}

function callOf(line: Line, path: string, request: IncomingMessage, body: string): Call | undefined {
  const url = `${line.encrypted ? 'https' : 'http'}://${line.host}${path}`;
  if (!path.startsWith('/') || !URL.canParse(url)) return undefined;
  const { method = 'GET', headers } = request;
  return { host: line.host, method, path, url: new URL(url), headers: flatten(headers), body };
}

/** A Host header for another host than the one whose certificate was shown: real front ends answer 421. */
function isMisdirected(call: Call, line: Line): boolean {
  const { host = '' } = call.headers;
  const bare = host.toLowerCase().replace(line.encrypted ? /:443$/ : /:80$/, '');
  return bare !== line.host.replace(line.encrypted ? /:443$/ : /:80$/, '');
}

function refusal(status: number, text: string): Reply {
  return { status, headers: { 'content-type': 'text/plain', connection: 'close' }, body: `${text}\n` };
}
