// The trace: columns of numbers, one table of strings, and what few events have besides.
"use strict";

const UNITS_PER_SECOND = 1e7;
const SEPARATOR = "\u001f";  // between the arguments of a call

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

// The layout: offset and length of the header, the columns, the header as JSON.
async function loadTrace() {
  const packed = bytesOf(document.getElementById("data").textContent);
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(unpacked).arrayBuffer();
  const [offset, length] = new Uint32Array(buffer, 0, 2);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, offset, length)));
  const types = { u8: Uint8Array, u32: Uint32Array, f64: Float64Array };
  const trace = { ...header, extras: new Map(header.extras) };
  for (const [name, type, place] of header.columns) {
    trace[name] = new types[type](buffer, place, header.count);
  }
  return trace;
}

function kindOf(trace, row) { return trace.kinds[trace.kind[row]]; }
function seconds(units) { return (units / UNITS_PER_SECOND).toFixed(6); }
function hex(value) { return "0x" + value.toString(16); }
function nameOf(trace, row) { return trace.strings[trace.name[row]]; }
function argumentsOf(trace, row) {
  const text = trace.strings[trace.detail[row]];
  return text ? text.split(SEPARATOR) : [];
}

// NT's severities are the two highest bits of a status.
function severity(status) { return ["good", "good", "odd", "bad"][status >>> 30]; }
function isFailure(trace, row) {
  const kind = kindOf(trace, row);
  if (kind === "GuestException") return true;
  return kind === "SystemCall" && trace.status[row] >= 0x80000000;
}

// Rows of one kind, in order.
function rowsOfKind(trace, ...kinds) {
  const wanted = new Set(kinds.map((kind) => trace.kinds.indexOf(kind)));
  const found = [];
  for (let row = 0; row < trace.count; row++) if (wanted.has(trace.kind[row])) found.push(row);
  return found;
}

// Events whose thread is one of the process; others may be caused in it by a thread of another.
const OF_THREADS = new Set(["SystemCall", "ThreadCreate", "ThreadExit", "ThreadStateChange"]);

// Processes by id: name, parent, threads, exit status, in the order in which they appear.
function processesOf(trace) {
  const processes = new Map();
  const get = (pid) => {
    if (!processes.has(pid)) {
      processes.set(pid, { pid, name: "", parent: 0, threads: new Set(), calls: 0, exit: null });
    }
    return processes.get(pid);
  };
  for (let row = 0; row < trace.count; row++) {
    const pid = trace.pid[row];
    if (!pid) continue;
    const process = get(pid);
    const kind = kindOf(trace, row);
    if (OF_THREADS.has(kind)) process.threads.add(trace.tid[row]);
    if (kind === "SystemCall") process.calls++;
    else if (kind === "ProcessCreate") {
      const extra = trace.extras.get(row);
      process.name = extra.name;
      process.parent = extra.parent_id;
    } else if (kind === "ProcessExit") process.exit = trace.extras.get(row).status;
  }
  return processes;
}

// Who matches: rows of the chosen kinds, process, thread and outcome whose text has the words.
function filterRows(trace, filter) {
  trace.lower ??= trace.strings.map((text) => text.toLowerCase());
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  const masks = words.map((word) => {
    const mask = new Uint8Array(trace.strings.length);
    trace.lower.forEach((text, i) => { if (text.includes(word)) mask[i] = 1; });
    return mask;
  });
  const kinds = trace.kinds.map((kind) => filter.kinds.has(groupOf(kind)));
  const found = new Uint32Array(trace.count);
  let count = 0;
  for (let row = 0; row < trace.count; row++) {
    if (!kinds[trace.kind[row]]) continue;
    if (filter.pid && trace.pid[row] !== filter.pid) continue;
    if (filter.tid && trace.tid[row] !== filter.tid) continue;
    if (filter.failed && !isFailure(trace, row)) continue;
    const hit = masks.every((mask) => mask[trace.name[row]] || mask[trace.detail[row]]
      || mask[trace.result[row]] || mask[trace.place[row]]);
    if (hit) found[count++] = row;
  }
  return found.subarray(0, count);
}

const GROUPS = [
  ["calls", "SystemCall", "SystemCallWait"],
  ["exceptions", "GuestException"],
  ["output", "ConsoleOutput", "DebugPrint", "RunNote"],
  ["processes", "ProcessCreate", "ProcessCreation", "ProcessExit", "ThreadCreate", "ThreadExit"],
  ["modules", "ModuleLoad", "ModuleUnload"],
  ["files", "FileOpen", "FileTransfer", "FileDelete", "FileRename"],
  ["registry", "RegistryAccess"],
  ["memory", "PageFault", "SectionMap", "SectionUnmap"],
  ["handles", "HandleOpen", "HandleClose"],
  ["scheduling", "ThreadStateChange", "ContextSwitch", "ApcDelivery"],
  ["others"],
];
const GROUP_BY_KIND = new Map(GROUPS.flatMap(([group, ...kinds]) => kinds.map((k) => [k, group])));
function groupOf(kind) { return GROUP_BY_KIND.get(kind) ?? "others"; }
