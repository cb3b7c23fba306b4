import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import htm from "htm";

export const html = htm.bind(h);

export const Tag = ({ kind = "", children }) => html`<span class=${"tag " + kind}>${children}</span>`;

export const Note = ({ kind, role, children }) =>
  html`<div class=${"note " + kind} role=${role}>${children}</div>`;

export function Failure({ error }) {
  if (!error) {
    return null;
  }
  const problem = error.problem || {};
  return html`<${Note} kind="bad" role="alert">
    <strong>${problem.title || "No answer"}</strong>: ${error.message}
    ${problem.problems && problem.problems.length > 0 &&
    html`<ul>${problem.problems.map((each) => html`<li>${each}</li>`)}</ul>`}
  <//>`;
}

/** What was read, or why not, or that it is being read. */
export function Loaded({ of, children }) {
  return html`<${Failure} error=${of.error} />
    ${of.value === undefined
      ? !of.error && html`<p class="soft" role="status">Loading…</p>`
      : children(of.value)}`;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const Zone = () => html`<span class="soft">times in ${zone}</span>`;

export function When({ at }) {
  if (!at) {
    return "";
  }
  const date = new Date(at);
  const two = (n) => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return html`<time datetime=${at} title=${at}>${day} ${time}</time>`;
}

/** A table: columns are {name, of, kind}; on a narrow screen each row becomes a list. */
export function Table({ caption, columns, rows, keyOf, empty }) {
  if (rows.length === 0) {
    return html`<p class="soft">${empty}</p>`;
  }
  return html`<div class="wide" tabindex="0" role="region" aria-label=${caption}>
    <table class="stack">
      <caption>${caption}</caption>
      <thead>
        <tr>${columns.map((c) => html`<th scope="col" class=${c.kind || ""}>${c.name}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr key=${keyOf(row)}>
            ${columns.map(
              (c) => html`<td class=${c.kind || ""} data-label=${c.name}><span>${c.of(row)}</span></td>`
            )}
          </tr>`
        )}
      </tbody>
    </table>
  </div>`;
}

export function Diff({ lines }) {
  const kind = (line) =>
    line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : line.startsWith("@") ? "at" : "";
  return lines.length === 0
    ? html`<p class="soft">No difference.</p>`
    : html`<div class="diff mono">${lines.map((line) => html`<div class=${kind(line)}>${line}</div>`)}</div>`;
}

/** A modal dialog; Escape and Cancel close it. */
export function Dialog({ title, onClose, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    dialog.current.showModal();
  }, []);
  return html`<dialog
    ref=${dialog}
    aria-label=${title}
    onCancel=${(event) => {
      event.preventDefault();
      onClose();
    }}
  >
    <h2>${title}</h2>
    ${children}
  </dialog>`;
}

export const Live = ({ of }) =>
  of.live === true
    ? html`<${Tag} kind="good">live<//>`
    : of.value !== undefined && html`<${Tag} kind="odd">not live<//>`;

let ids = 0;

export function Field({ label, children }) {
  const id = useRef(`field-${++ids}`);
  return html`<label for=${id.current}>${label}</label>${children(id.current)}`;
}

export function Text({ label, value, onInput, ...more }) {
  return html`<${Field} label=${label}>
    ${(id) =>
      html`<input id=${id} type="text" value=${value} onInput=${(e) => onInput(e.target.value)} ...${more} />`}
  <//>`;
}

export function Check({ label, checked, onInput }) {
  return html`<label class="check"
    ><input type="checkbox" checked=${checked} onInput=${(e) => onInput(e.target.checked)} />
    <span>${label}</span></label
  >`;
}

/** Asks for a text before an action; the name must be typed again where one is given. */
export function Ask({ title, text, label, required, retype, action, danger, onClose, run, state, value, setValue }) {
  const ready = retype ? value === retype : !required || value.trim() !== "";
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <p>${text}</p>
    <${Failure} error=${state.error} />
    <form
      onSubmit=${(event) => {
        event.preventDefault();
        if (ready && !state.busy) {
          run();
        }
      }}
    >
      <${Text} label=${label} value=${value} onInput=${setValue} autofocus autocomplete="off" />
      <div class="row">
        <button class=${danger ? "danger" : "main"} disabled=${!ready || state.busy}>${action}</button>
        <button type="button" onClick=${onClose}>Cancel</button>
      </div>
    </form>
  <//>`;
}
