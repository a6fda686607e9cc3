// A server of prepared answers, for what sits above `Send`.
import type { Answer, Request, Send } from '../../src/core/http.ts';
import { NetworkFault } from '../../src/core/http.ts';

export type Reply = Answer | NetworkFault | ((request: Request) => Answer | NetworkFault);

export interface ScriptedWire {
  readonly send: Send;
  readonly requests: readonly Request[];
}

/** Gives the replies in order; more requests than replies are an error of the test. */
export function scripted(...replies: readonly Reply[]): ScriptedWire {
  const requests: Request[] = [];
  return {
    requests,
    async send(request) {
      const reply = replies[requests.length];
      requests.push(request);
      if (reply === undefined) throw new Error(`no reply was prepared for request ${requests.length}: ${request.url}`);
      return settled(reply, request);
    },
  };
}

/** Answers by what is asked, however often. */
export function serving(answer: (request: Request) => Answer | NetworkFault): ScriptedWire {
  const requests: Request[] = [];
  return {
    requests,
    async send(request) {
      requests.push(request);
      return settled(answer, request);
    },
  };
}

function settled(reply: Reply, request: Request): Answer {
  const outcome = typeof reply === 'function' ? reply(request) : reply;
  if (outcome instanceof NetworkFault) throw outcome;
  return outcome;
}

export function answer(status: number, body: string | object = '', headers: Record<string, string> = {}): Answer {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** What a login page of a proxy looks like. */
export const LOGIN_PAGE = '<!DOCTYPE html><html><body><form action="/login">Sign in</form></body></html>';
