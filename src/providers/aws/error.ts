// STS's error document, read by hand: a fixed flat set of elements, the five XML entities, no DOCTYPE (facts: aws 1.3).

export interface StsError {
  /** Empty where the body is no error of STS's. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
};

/** Code, message and request id of an error body. */
export function errorOf(body: string): StsError {
  if (!/<ErrorResponse\b/.test(body) || /<!DOCTYPE/i.test(body)) return { code: '', message: '', requestId: '' };
  const code = element(body, 'Code');
  return {
    code: /^[A-Za-z0-9.]{1,80}$/.test(code) ? code : '',
    message: element(body, 'Message'),
    requestId: element(body, 'RequestId'),
  };
}

function element(body: string, name: string): string {
  const [, text = ''] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(body) ?? [];
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (entity) => ENTITIES[entity] ?? entity);
}
