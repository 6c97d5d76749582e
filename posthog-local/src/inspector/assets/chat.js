// Reads the messages of a generation, whatever SDK sent them, into one shape:
// `[{ role, parts: [{ kind: "text" | "call" | "result" | "media" | "other", name, text, id }] }]`. A call has the `id` that its result
// refers to, if the SDK gives it one.
//
// The shapes are those of OpenAI (chat and responses), Anthropic, Gemini, Vercel, LangChain and OpenTelemetry. What is
// none of them is shown as JSON.

const ROLES = new Map([["model", "assistant"], ["ai", "assistant"], ["human", "user"], ["developer", "system"], ["function", "tool"]]);
const TEXT_TYPES = ["text", "input_text", "output_text", "summary_text"];
const MEDIA = /image|audio|video|file|document|media|inline_?data/i;

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isEmpty = (value) => value === undefined || value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

/** A value as text: itself, or its JSON. */
const json = (value) => (typeof value === "string" ? value : JSON.stringify(value));

const text = (value, name) => ({ kind: "text", name, text: json(value) });
const call = (name, input, id) => ({ kind: "call", name: name ?? "a tool", text: isEmpty(input) ? "" : json(input), id });
const other = (value) => ({ kind: "other", text: JSON.stringify(value) });

/** A tool's answer, which is a text, parts, or any JSON. */
function result(name, output) {
  const read = Array.isArray(output) ? output.flatMap(part) : [];
  const isText = read.length > 0 && read.every(({ kind }) => kind === "text");
  const value = isObject(output) && ["text", "json", "error-text", "error-json"].includes(output.type) ? output.value : output;
  return { kind: "result", name: name ?? "a tool", text: isText ? read.map((one) => one.text).join("\n") : json(value ?? "") };
}

/** What an image or a file is. It is never loaded, because that would tell its server. */
function media(kind, source) {
  const found = [source?.url, source?.file_url, source?.data, source?.image, source?.file_data, source].find((value) => typeof value === "string") ?? "";
  const type = source?.mime_type ?? source?.mimeType ?? source?.media_type ?? source?.mediaType;
  const data = found.match(/^data:([^;,]+)[;,]/);
  const size = () => `${Math.max(1, Math.round((found.length * 3) / 4 / 1024))} kB`;
  if (data) return { kind: "media", name: data[1], text: size() };
  if (/^https?:/i.test(found) || found.startsWith("[")) return { kind: "media", name: type ?? kind, text: found };
  return { kind: "media", name: type ?? kind, text: found.length > 200 ? size() : found };
}

/** The parts of one content block. */
function part(block) {
  if (isEmpty(block)) return [];
  if (typeof block !== "object") return [text(block)];
  if (Array.isArray(block)) return block.flatMap(part);
  const type = String(block.type ?? "");
  const fn = block.function ?? block.function_call ?? block.functionCall;
  const answer = block.function_response ?? block.functionResponse;
  if (TEXT_TYPES.includes(type)) return isEmpty(block.text ?? block.content) ? [] : [text(block.text ?? block.content)];
  if (type === "refusal") return [text(block.refusal, "refusal")];
  if (type === "thinking" || type === "reasoning") {
    const thought = block.thinking ?? block.text ?? block.content ?? part(block.summary).map((one) => one.text).join("\n");
    return isEmpty(thought) ? [] : [text(thought, "thinking")];
  }
  if (isObject(fn)) return [call(fn.name, fn.arguments ?? fn.args, block.id ?? fn.id)];
  if (isObject(answer)) return [result(answer.name, answer.response)];
  if (["tool_use", "tool-call", "tool_call", "function_call", "server_tool_use"].includes(type)) {
    return [call(block.name ?? block.toolName, block.input ?? block.args ?? block.arguments, block.call_id ?? block.toolCallId ?? block.id)];
  }
  if (["tool_result", "tool-result", "tool_call_response", "function_call_output"].includes(type)) {
    const name = block.name ?? block.toolName ?? block.tool_use_id ?? block.call_id ?? block.id;
    return [result(name, block.content ?? block.output ?? block.result ?? block.response)];
  }
  if (MEDIA.test(type)) {
    const source = block.image_url ?? block.source ?? block.inline_data ?? block.inlineData ?? block.input_audio ?? block.file ?? block;
    return [media(type.replace(/^input_|_url$/g, ""), source)];
  }
  if (isObject(block.inline_data ?? block.inlineData)) return [media("image", block.inline_data ?? block.inlineData)];
  if (typeof block.text === "string") return [text(block.text)];
  if (typeof block.content === "string" && type === "") return [text(block.content)];
  return [other(block)];
}

/** One message; null for what holds none. */
function message(item) {
  if (isEmpty(item)) return null;
  if (!isObject(item)) return { role: "user", parts: part(item) };
  // A choice of OpenAI, and LangChain's serialized messages.
  if (isObject(item.message)) return message(item.message);
  if (isObject(item.kwargs)) return message({ role: item.id?.at?.(-1)?.replace(/Message.*$/, "").toLowerCase(), ...item.kwargs });
  const type = String(item.type ?? "");
  if (type === "function_call_output") return { role: "tool", parts: part(item) };
  if (["function_call", "reasoning", "tool_use"].includes(type)) return { role: "assistant", parts: part(item) };
  const named = item.role ?? (["human", "ai", "system", "tool"].includes(type) ? type : undefined);
  const content = item.content ?? item.parts;
  const calls = item.tool_calls ?? item.additional_kwargs?.tool_calls ?? [];
  const isMessage = named !== undefined || content !== undefined || calls.length > 0;
  if (!isMessage) return { role: "user", parts: part(item) };
  const role = ROLES.get(named) ?? String(named ?? "user");
  const read = part(content);
  const isAnswer = role === "tool" && !read.some(({ kind }) => kind === "result");
  const parts = isAnswer ? [result(item.name ?? item.tool_call_id, content)] : read;
  const called = [calls].flat().map((one) => (isObject(one.function) ? part(one)[0] : call(one.name, one.args ?? one.input ?? one.arguments, one.id)));
  return { role, parts: [...parts, ...called] };
}

/** Names each result after the tool that was called, where the SDK refers to the call by its id alone. */
function named(list) {
  const parts = list.flatMap((one) => one.parts);
  const names = new Map(parts.filter(({ kind, id }) => kind === "call" && id).map(({ id, name }) => [id, name]));
  for (const part of parts) {
    if (part.kind === "result") part.name = names.get(part.name) ?? part.name;
  }
  return list;
}

/** The messages of a property's value, such as `$ai_input`. `role` is whose a plain text is. */
export function messages(value, role) {
  if (isEmpty(value)) return [];
  if (typeof value === "string") {
    // OpenTelemetry and others send the messages as JSON text.
    try {
      const inner = JSON.parse(value);
      if (typeof inner === "object" && inner !== null) return messages(inner, role);
    } catch { /* It is a plain text. */ }
    return [{ role, parts: [text(value)] }];
  }
  if (isObject(value)) {
    const list = [value.messages, value.contents, value.choices, value.output].find(Array.isArray);
    return list ? messages(list, role) : messages([value], role);
  }
  if (!Array.isArray(value)) return [{ role, parts: [text(value)] }];
  const owner = (one, item) => (isObject(item) ? one : { ...one, role });
  return named(value.flat().map((item) => [message(item), item]).filter(([one]) => one && one.parts.length > 0)
    .map(([one, item]) => owner(one, item)));
}

/** `$ai_error` for people: of JSON its name and message, without stacks and requests. */
export function errorText(error) {
  if (isEmpty(error)) return null;
  let value = error;
  if (typeof error === "string") {
    try {
      value = JSON.parse(error);
    } catch { /* It is a plain text. */ }
  }
  if (!isObject(value)) return json(error);
  const told = [value.name, value.message].filter((part) => typeof part === "string" && part !== "");
  return told.length > 0 ? told.join(": ") : JSON.stringify(value);
}
