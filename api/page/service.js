// Talking to the service: JSON, files, and streams of events. Failures become ServiceError with words for
// the reader.

export class ServiceError extends Error {
  /** ``retryAfter`` are the seconds that a busy service asks to wait; 0 where it says nothing. */
  constructor(message, status, code, retryAfter = 0) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** ``keys`` has ``header()``, and ``ask(wrong)`` that resolves to whether another key was given. */
export class Service {
  constructor(keys) {
    this.keys = keys;
  }

  /** The response of one request; asks for a key where one is needed. Raises ServiceError. */
  async send(path, options = {}) {
    for (let wrong = false; ; wrong = true) {
      let response;
      try {
        response = await fetch(path, { ...options, headers: { ...options.headers, ...this.keys.header() } });
      } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new ServiceError("连不上服务。请确认它还在运行，然后再试。", 0, "unreachable");
      }
      if (response.ok) return response;
      if (response.status === 401 && (await this.keys.ask(wrong || Boolean(this.keys.header().Authorization))))
        continue;
      throw await failure(response);
    }
  }

  async get(path, parameters = {}) {
    const query = new URLSearchParams(
      Object.entries(parameters).flatMap(([key, value]) =>
        [value].flat().filter((one) => one !== "" && one !== null && one !== undefined).map((one) => [key, one]),
      ),
    ).toString();
    return (await this.send(query ? `${path}?${query}` : path)).json();
  }

  post(path, body, options = {}) {
    return this.send(path, {
      method: "POST",
      ...options,
      headers: { "Content-Type": "application/json", ...options.headers },
      body: JSON.stringify(body),
    });
  }

  /** Events of a stream, as {name, data}. */
  async *events(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      rest += (value ?? "").replace(/\r\n?/g, "\n");
      const blocks = rest.split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
      if (done) return;
    }
  }
}

/** The name that a response gives its file, or ``fallback``. */
export function fileName(response, fallback) {
  const coded = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "");
  return coded ? decodeURIComponent(coded[1]) : fallback;
}

function parse(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length ? { name, data: JSON.parse(data.join("\n")) } : null;
}

async function failure(response) {
  try {
    const { error } = await response.json();
    return new ServiceError(error.message, response.status, error.code, Number(response.headers.get("Retry-After")) || 0);
  } catch {
    return new ServiceError(`服务没有正常回答（${response.status}）。请稍后再试。`, response.status, "unknown");
  }
}
