import { jsonBody, NetworkFault, number, text } from '../../src/core/http.ts';
import { recorded } from '../../src/core/recorder.ts';
import { answer, scripted } from '../literals/wire.ts';

describe('a JSON body', () => {
  it.each(['', 'null', '[]', '"x"', '7', '{', '<html>', '{"a":1}x'])('is none: %s', (body) => {
    expect(jsonBody(body)).toBeUndefined();
  });
  it('has no prototype, at any depth', () => {
    const body = jsonBody('{"__proto__":{"polluted":true},"data":{"__proto__":1,"x":[{"y":1}]}}');
    expect(body && Object.getPrototypeOf(body)).toBeNull();
    expect(Object.getPrototypeOf(body?.data)).toBeNull();
    expect(Object.keys(body ?? {})).toEqual(['__proto__', 'data']);
    expect(text(body, 'constructor')).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
  it.each([
    ['a', 'a', undefined],
    [7, undefined, 7],
    [null, undefined, undefined],
    [{}, undefined, undefined],
  ])('reads a member %j as text %j and number %j', (value, asText, asNumber) => {
    const body = jsonBody(JSON.stringify({ value }));
    expect(text(body, 'value')).toBe(asText);
    expect(number(body, 'value')).toBe(asNumber);
  });
});

describe('an SDK call over a recorder', () => {
  const REQUEST = { method: 'GET', url: 'https://h/' } as const;
  const fault = new NetworkFault('ECONNRESET', 'h', true);

  it('has its result and the answer behind it', async () => {
    const { send } = scripted(answer(200, 'x'));
    const call = recorded(send, async (s) => (await s(REQUEST)).body);
    await expect(call).resolves.toEqual({ result: 'x', answer: answer(200, 'x') });
  });
  it('has the answer where the SDK made an error of it', async () => {
    const { send } = scripted(answer(403, 'no'));
    const call = recorded(send, async (s) => {
      await s(REQUEST);
      throw new Error('the SDK hides it');
    });
    await expect(call).resolves.toEqual({ answer: answer(403, 'no') });
  });
  it('rejects with what the transport rejected with, whatever the SDK made of it', async () => {
    const { send } = scripted(fault);
    const call = recorded(send, async (s) => {
      await s(REQUEST).catch(() => {});
      throw new Error('wrapped');
    });
    await expect(call).rejects.toBe(fault);
  });
  it('takes the last answer for the answer', async () => {
    const { send } = scripted(fault, answer(200, 'second'));
    const call = recorded(send, async (s) => {
      await s(REQUEST).catch(() => {});
      return (await s(REQUEST)).body;
    });
    await expect(call).resolves.toMatchObject({ result: 'second' });
  });
  it('rejects with the bug of an SDK that did not ask at all', async () => {
    const bug = new TypeError('bug');
    await expect(recorded(scripted().send, () => Promise.reject(bug))).rejects.toBe(bug);
  });
});
