// The memory of a process after a chosen event, from what the trace tells: views that appeared and
// went, calls that allocated and freed, and the pages that faults brought in.

const PAGE = 4096;
const MEMORY_CALLS = new Set([
  "NtAllocateVirtualMemory", "NtAllocateVirtualMemoryEx", "NtFreeVirtualMemory",
]);
const SELF = 0xffffffff;  // the pseudo handle of the calling process

function memoryRowsOf(trace) {
  return rowsOfKind(trace, "SystemCall", "PageFault", "SectionMap", "SectionUnmap").filter((row) =>
    kindOf(trace, row) !== "SystemCall"
    || (MEMORY_CALLS.has(nameOf(trace, row)) && trace.status[row] < 0x80000000));
}

// A call's numbers by its parameters' names: of a pair that was read and written, what was stored.
function numbersOf(trace, row) {
  const found = {};
  for (const argument of argumentsOf(trace, row)) {
    const equals = argument.indexOf("=");
    const numbers = argument.slice(equals + 1).match(/0x[0-9a-f]+|\b\d+\b/gi) ?? [];
    found[argument.slice(0, equals)] = { text: argument.slice(equals + 1), numbers: numbers.map(Number) };
  }
  return found;
}

class AddressSpace {
  constructor() {
    this.regions = new Map();
    this.pages = new Map();  // page number: kinds of the faults that it took
  }

  apply(trace, row) {
    const kind = kindOf(trace, row);
    const extra = trace.extras.get(row);
    if (kind === "SectionMap") this.add(extra.base, extra.size, extra.kind, extra.name);
    else if (kind === "SectionUnmap") this.remove(extra.base);
    else if (kind === "PageFault") this.touch(trace, row);
    else this.applyCall(trace, row);
  }

  applyCall(trace, row) {
    const { ProcessHandle, BaseAddress, RegionSize, AllocationType, FreeType } = numbersOf(trace, row);
    if (!BaseAddress || !RegionSize || (ProcessHandle && ProcessHandle.numbers[0] !== SELF)) return;
    const base = BaseAddress.numbers.at(-1);
    const size = RegionSize.numbers.at(-1);
    if (FreeType) {
      if (/RELEASE/.test(FreeType.text) || FreeType.numbers[0] & 0x8000) this.remove(base);
    } else if (!this.at(base)) {
      this.add(base, size, "private", AllocationType ? AllocationType.text : "");
    }
  }

  add(start, size, kind, name) { this.regions.set(start, { start, size, kind, name }); }

  remove(start) {
    const region = this.regions.get(start) ?? this.at(start);
    if (!region) return;
    this.regions.delete(region.start);
    for (const page of this.pages.keys()) {
      if (page >= region.start / PAGE && page < (region.start + region.size) / PAGE) {
        this.pages.delete(page);
      }
    }
  }

  touch(trace, row) {
    if (!trace.extras.get(row).resolved) return;
    const page = Math.floor(trace.value[row] / PAGE);
    if (!this.pages.has(page)) this.pages.set(page, new Set());
    for (const kind of trace.extras.get(row).kinds) this.pages.get(page).add(kind);
  }

  at(address) {
    for (const region of this.regions.values()) {
      if (address >= region.start && address < region.start + region.size) return region;
    }
    return null;
  }

  // Regions by address; pages that no known region has form regions of their own.
  listed() {
    const regions = [...this.regions.values()].map((region) => ({ ...region, pages: new Map() }));
    regions.sort((a, b) => a.start - b.start);
    const unknown = [];
    for (const page of [...this.pages.keys()].sort((a, b) => a - b)) {
      const address = page * PAGE;
      let region = regions.findLast((known) => known.start <= address);
      if (!region || address >= region.start + region.size) {
        region = unknown.at(-1);
        if (!region || region.start + region.size !== address) {
          region = { start: address, size: 0, kind: "private", pages: new Map(),
            name: "made by the kernel: stack, PEB, TEB, …" };
          unknown.push(region);
        }
        region.size += PAGE;
      }
      region.pages.set(page, this.pages.get(page));
    }
    return [...regions, ...unknown].sort((a, b) => a.start - b.start);
  }
}

function spaceAt(trace, rows, pid, last) {
  const space = new AddressSpace();
  for (const row of rows) {
    if (row > last) break;
    if (trace.pid[row] === pid) space.apply(trace, row);
  }
  return space;
}

class MemoryView {
  constructor(trace, processes) {
    this.trace = trace;
    this.rows = memoryRowsOf(trace);
    this.process = make("select", { onchange: () => this.draw(), "aria-label": "process" });
    for (const { pid, name } of processes.values()) {
      this.process.append(make("option", { value: pid }, `${pid} ${plain(name)}`));
    }
    this.moment = make("input", {
      type: "range", min: 0, max: Math.max(trace.count - 1, 0), value: trace.count - 1,
      oninput: () => this.draw(), "aria-label": "moment",
    });
    this.label = make("span", { className: "count" });
    this.body = make("div", { className: "pad" });
    const bar = make("div", { className: "bar" }, this.process, this.moment, this.label);
    this.element = [bar, this.body];
  }

  reveal(row) {
    this.moment.value = row;
    if (this.trace.pid[row]) this.process.value = this.trace.pid[row];
    this.draw();
  }

  draw() {
    const { trace } = this;
    if (!trace.count) return;
    const row = Number(this.moment.value);
    this.label.textContent = `after event ${row + 1} of ${trace.count}, `
      + `${seconds(trace.time[row])} s: ${plain(nameOf(trace, row))}`;
    const regions = spaceAt(trace, this.rows, Number(this.process.value), row).listed();
    const titles = ["addresses", "#KB", "kind", "#touched", "pages", "how they came", "what"];
    const rows = regions.map((region) => ({ cells: [
      `${region.start.toString(16).padStart(8, "0")}-`
        + `${(region.start + region.size - 1).toString(16).padStart(8, "0")}`,
      region.size / 1024, region.kind, `${region.pages.size} of ${Math.ceil(region.size / PAGE)}`,
      strip(region), howTheyCame(region), region.name,
    ] }));
    const empty = make("p", { className: "empty" }, "The trace tells of no memory by then.");
    this.body.replaceChildren(regions.length ? table(titles, rows) : empty);
  }
}

// A region as a strip: where its touched pages are.
function strip(region) {
  const canvas = make("canvas", { className: "strip", width: 220, height: 10 });
  const pen = canvas.getContext("2d");
  const first = region.start / PAGE;
  const width = 220 / Math.ceil(region.size / PAGE);
  pen.fillStyle = colourOf("--accent");
  for (const page of region.pages.keys()) {
    pen.fillRect((page - first) * width, 0, Math.max(width, 1), 10);
  }
  return canvas;
}

function howTheyCame(region) {
  const counts = new Map();
  for (const kinds of region.pages.values()) {
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind.replace("_", "-")}`).join(", ");
}
