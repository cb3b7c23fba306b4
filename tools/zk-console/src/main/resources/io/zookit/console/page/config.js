import { useState } from "preact/hooks";
import { encoded, get, post, useAction, useLive, useRead } from "./client.js";
import { Ask, Check, Dialog, Diff, Failure, Field, Live, Loaded, Note, Table, Tag, Text, When, html } from "./parts.js";

const may = (me, ...roles) => !me.readOnly && roles.includes(me.role);
const address = (name) => "#/ns/" + encoded(name);

function stateOf(ns) {
  if (ns.problem) {
    return html`<${Tag} kind="bad">unreadable<//> ${ns.problem}`;
  }
  if (ns.deleted) {
    return html`<${Tag} kind="bad">deleted<//>`;
  }
  if (ns.candidate !== null) {
    return html`<${Tag} kind="odd">vote on ${ns.candidate}<//>`;
  }
  return ns.stable === null ? html`<${Tag} kind="odd">no release<//>` : html`<${Tag} kind="good">in force<//>`;
}

export function Namespaces() {
  const all = useLive("/namespaces");
  const [filter, setFilter] = useState("");
  const columns = [
    { name: "Namespace", of: (ns) => (ns.problem ? ns.namespace : html`<a href=${address(ns.namespace)}>${ns.namespace}</a>`) },
    { name: "Stable", kind: "num", of: (ns) => (ns.stable === null ? "–" : ns.stable) },
    { name: "State", of: stateOf },
    {
      name: "Gray",
      of: (ns) =>
        ns.grays.length === 0 ? "–" : ns.grays.map((gray) => html`<a href=${address(ns.namespace) + "/gray"}><${Tag} kind="odd">${gray}<//></a> `),
    },
    { name: "By", of: (ns) => ns.by || "–" },
    { name: "At", kind: "when", of: (ns) => (ns.at ? html`<${When} at=${ns.at} />` : "–") },
    { name: "Message", of: (ns) => ns.message || "–" },
  ];
  return html`
    <div class="head"><h1>Namespaces</h1><${Live} of=${all} /></div>
    <div class="card">
      <${Text} label="Filter" value=${filter} onInput=${setFilter} placeholder="prod/" />
      <${Loaded} of=${all}>
        ${(value) => {
          const rows = value.filter((ns) => ns.namespace.includes(filter));
          return html`<${Table}
            caption=${`${rows.length} of ${value.length} namespaces`}
            columns=${columns}
            rows=${rows}
            keyOf=${(ns) => ns.namespace}
            empty=${value.length === 0 ? "There is no namespace yet. Publishing creates one." : "No namespace has this in its name."}
          />`;
        }}
      <//>
    </div>
  `;
}

const TABS = [
  ["content", "Content"],
  ["history", "History"],
  ["gray", "Gray board"],
  ["instances", "Instances"],
  ["changes", "Audit"],
  ["policy", "Policy"],
];

export function Namespace({ name, tab, me }) {
  const path = "/namespaces/" + name.map(encodeURIComponent).join("/");
  const ns = useLive(path);
  const Shown = { content: Content, history: History, gray: Gray, instances: Instances, changes: Changes, policy: Rules }[tab] || Content;
  return html`
    <div class="head">
      <h1>${name.join("/")}</h1>
      ${ns.value && stateOf(ns.value)}
      ${ns.value && ns.value.stable !== null && html`<span>release <strong>${ns.value.stable}</strong></span>`}
      <${Live} of=${ns} />
    </div>
    <nav class="tabs" aria-label="Parts of the namespace">
      ${TABS.map(
        ([id, title]) =>
          html`<a href=${"#/ns/" + name.map(encodeURIComponent).join("/") + "/" + id} aria-current=${id === tab ? "page" : null}>${title}</a>`
      )}
    </nav>
    <${Loaded} of=${ns}>${(value) => html`<${Shown} path=${path} ns=${value} me=${me} />`}<//>
  `;
}

const frozen = (ns) => ns.policy.freezes.find((freeze) => {
  const now = Date.now();
  return Date.parse(freeze.from) <= now && now < Date.parse(freeze.until);
});

function Content({ path, ns, me }) {
  const content = useRead(ns.stable === null ? null : `${path}/content?release=${ns.stable}`);
  const [editing, setEditing] = useState(null);
  const begin = () =>
    setEditing({
      base: ns.stable === null ? 0 : ns.stable,
      format: content.value ? content.value.format : "properties",
      text: content.value ? content.value.text : "",
    });
  if (editing) {
    return html`<${Editor} path=${path} ns=${ns} start=${editing} onClose=${() => setEditing(null)} me=${me} />`;
  }
  return html`<div class="card">
    <div class="head">
      <h2>In force: ${ns.stable === null ? "nothing" : `release ${ns.stable}`}</h2>
      <span class="grow"></span>
      <button onClick=${begin} disabled=${ns.stable !== null && !content.value}>Edit</button>
    </div>
    ${ns.stable === null
      ? html`<p class="soft">This namespace has no release yet.</p>`
      : html`<${Loaded} of=${content}>${(value) => html`<pre>${value.text}</pre>`}<//>`}
  </div>`;
}

/** Editing is a step: text, then what it would change, then publish. */
function Editor({ path, ns, start, onClose, me }) {
  const [format, setFormat] = useState(start.format);
  const [text, setText] = useState(start.text);
  const [message, setMessage] = useState("");
  const [override, setOverride] = useState(false);
  const [openGrays, setOpenGrays] = useState(false);
  const [preview, setPreview] = useState(null);
  const [asGray, setAsGray] = useState(false);
  const stable = ns.stable === null ? 0 : ns.stable;
  const [look, looking] = useAction(async () => setPreview(await post(path + "/preview", { format, text })));
  const [publish, publishing] = useAction(async () => {
    await post(
      path + "/releases",
      { format, text, message, overrideFreeze: override, allowOpenGrays: openGrays },
      { "If-Match": `"${start.base}"` }
    );
    onClose();
  });
  const freeze = frozen(ns);
  const changed = (set) => (value) => {
    set(value);
    setPreview(null);
  };
  return html`<div class="card">
    <h2>Your draft, on top of ${start.base === 0 ? "nothing" : `release ${start.base}`}</h2>
    ${stable !== start.base &&
    html`<${Note} kind="bad" role="alert">Release ${stable} came into force meanwhile: publishing this is refused. Copy what you need, then start again from release ${stable}.<//>`}
    <${Field} label="Format">
      ${(id) => html`<select id=${id} value=${format} onChange=${(e) => changed(setFormat)(e.target.value)} disabled=${start.base !== 0}>
        ${["properties", "yaml", "json", "text"].map((each) => html`<option value=${each}>${each}</option>`)}
      </select>`}
    <//>
    <${Field} label="Text">
      ${(id) => html`<textarea id=${id} spellcheck="false" value=${text} onInput=${(e) => changed(setText)(e.target.value)}></textarea>`}
    <//>
    <p class="soft">Secret values are shown as (secret); one that is left so stays as it is.</p>
    <${Failure} error=${looking.error} />
    <div class="row">
      <button class=${preview ? "" : "main"} onClick=${look} disabled=${looking.busy}>Show what changes</button>
      <button onClick=${onClose}>Discard</button>
    </div>
    ${preview &&
    html`<section aria-label="What changes">
      <h2>Release ${preview.number} would change</h2>
      <p>${preview.instances === 1 ? "1 live instance" : `${preview.instances} live instances`} would get it.</p>
      ${preview.unchanged && html`<${Note} kind="odd">Nothing is changed, so there would be no release.<//>`}
      ${preview.problems.length > 0 &&
      html`<${Note} kind="bad" role="alert"><strong>It would be refused:</strong><ul>${preview.problems.map((each) => html`<li>${each}</li>`)}</ul><//>`}
      <${Diff} lines=${preview.unified} />
      ${may(me, "publisher", "admin")
        ? html`<${Text} label="Message" value=${message} onInput=${setMessage} placeholder="why" />
            ${freeze && html`<${Check} label=${`Publish in spite of the freeze: ${freeze.reason}`} checked=${override} onInput=${setOverride} />`}
            ${ns.grays.length > 0 && html`<${Check} label="Leave the open gray releases as they are" checked=${openGrays} onInput=${setOpenGrays} />`}
            <${Failure} error=${publishing.error} />
            <div class="row">
              <button class="main" onClick=${publish} disabled=${publishing.busy || preview.unchanged}>Publish release ${preview.number}</button>
              <button onClick=${() => setAsGray(true)} disabled=${preview.unchanged}>Start as gray release…</button>
            </div>`
        : html`<p class="soft">Your role (${me.role}) may not publish.</p>`}
    </section>`}
    ${asGray && html`<${GrayStart} path=${path} format=${format} text=${text} message=${message} onClose=${() => setAsGray(false)} onDone=${onClose} />`}
  </div>`;
}

function GrayStart({ path, format, text, message, onClose, onDone }) {
  const [name, setName] = useState("trial");
  const [steps, setSteps] = useState("count(1)\npercent(50)");
  const [run, state] = useAction(async () => {
    await post(path + "/grays", { name, format, text, message, steps: steps.split("\n").map((s) => s.trim()).filter(Boolean) });
    onDone();
    window.location.hash = window.location.hash.replace(/^(#\/ns\/[^/]+\/[^/]+\/[^/]+).*/, "$1/gray");
  });
  return html`<${Dialog} title="Start a gray release" onClose=${onClose}>
    <${Failure} error=${state.error} />
    <${Text} label="Name" value=${name} onInput=${setName} />
    <${Field} label="Steps, one audience a line">
      ${(id) => html`<textarea id=${id} rows="4" value=${steps} onInput=${(e) => setSteps(e.target.value)}></textarea>`}
    <//>
    <p class="soft">For example <code>count(1)</code>, <code>percent(10)</code>, <code>label.zone == "a"</code>.</p>
    <div class="row">
      <button class="main" onClick=${run} disabled=${state.busy}>Start</button>
      <button onClick=${onClose}>Cancel</button>
    </div>
  <//>`;
}

function History({ path, ns, me }) {
  const releases = useRead(`${path}/releases?limit=100`, ns.revision);
  const [diff, setDiff] = useState(null);
  const [back, setBack] = useState(null);
  const columns = [
    { name: "Release", kind: "num", of: (r) => r.number },
    { name: "Now", of: (r) => (r.marks.length === 0 ? "–" : r.marks.map((m) => html`<${Tag} kind=${m === "stable" ? "good" : "odd"}>${m}<//> `)) },
    { name: "Kind", of: (r) => (r.restores === null ? r.kind : `${r.kind} of ${r.restores}`) },
    { name: "By", of: (r) => r.author },
    { name: "At", kind: "when", of: (r) => html`<${When} at=${r.at} />` },
    { name: "Message", of: (r) => r.message || "–" },
    {
      name: "Actions",
      of: (r) => html`<button onClick=${() => setDiff({ from: ns.stable, to: r.number })} disabled=${r.number === ns.stable} aria-label=${`Compare release ${r.number} with the stable one`}>Compare</button>
        ${" "}
        ${may(me, "publisher", "admin") &&
        r.number !== ns.stable &&
        html`<button onClick=${() => setBack(r.number)} aria-label=${`Roll back to release ${r.number}`}>Roll back…</button>`}`,
    },
  ];
  return html`<div class="card">
      <${Loaded} of=${releases}>
        ${(value) => html`<${Table} caption="Releases, newest first" columns=${columns} rows=${value} keyOf=${(r) => r.number} empty="No release yet." />`}
      <//>
    </div>
    ${diff && html`<${DiffDialog} path=${path} from=${diff.from} to=${diff.to} onClose=${() => setDiff(null)} />`}
    ${back !== null && html`<${RollBack} path=${path} ns=${ns} to=${back} onClose=${() => setBack(null)} />`}`;
}

function DiffDialog({ path, from, to, onClose }) {
  const diff = useRead(`${path}/diff?from=${from}&to=${to}`);
  return html`<${Dialog} title=${`From release ${from} to ${to}`} onClose=${onClose}>
    <${Loaded} of=${diff}>${(value) => html`<${Diff} lines=${value.unified} />`}<//>
    <div class="row"><button onClick=${onClose}>Close</button></div>
  <//>`;
}

function RollBack({ path, ns, to, onClose }) {
  const diff = useRead(`${path}/diff?from=${ns.stable}&to=${to}`);
  const [message, setMessage] = useState("");
  const [override, setOverride] = useState(false);
  const [abort, setAbort] = useState(false);
  const freeze = frozen(ns);
  const [run, state] = useAction(async () => {
    await post(path + "/rollback", { release: to, message, overrideFreeze: override, abortGrays: abort }, { "If-Match": `"${ns.stable}"` });
    onClose();
  });
  return html`<${Dialog} title=${`Roll back to release ${to}`} onClose=${onClose}>
    <p>Creates release ${ns.lastRelease + 1} now, with the content of release ${to}.</p>
    <${Loaded} of=${diff}>${(value) => html`<${Diff} lines=${value.unified} />`}<//>
    <${Text} label="Message" value=${message} onInput=${setMessage} placeholder="why" />
    ${freeze && html`<${Note} kind="odd">Frozen until <${When} at=${freeze.until} />: ${freeze.reason}<//>
      <${Check} label="Roll back in spite of the freeze" checked=${override} onInput=${setOverride} />`}
    ${ns.grays.length > 0 && html`<${Check} label=${`End the open gray releases, too: ${ns.grays.join(", ")}`} checked=${abort} onInput=${setAbort} />`}
    <${Failure} error=${state.error} />
    <div class="row">
      <button class="main" onClick=${run} disabled=${state.busy}>Roll back now</button>
      <button onClick=${onClose}>Cancel</button>
    </div>
  <//>`;
}

function Gray({ path, ns, me }) {
  const grays = useLive(path + "/grays");
  const [act, state] = useAction((gray, verb) => post(`${path}/grays/${encodeURIComponent(gray.name)}/${verb}`, {}));
  const [aborting, setAborting] = useState(null);
  const [reason, setReason] = useState("");
  const [abort, abortState] = useAction(async () => {
    await post(`${path}/grays/${encodeURIComponent(aborting)}/abort`, { message: reason });
    setAborting(null);
  });
  return html`
    <${Failure} error=${state.error} />
    <${Loaded} of=${grays}>
      ${(value) =>
        value.length === 0
          ? html`<div class="card"><p class="soft">No gray release is open. Edit the content to start one.</p></div>`
          : html`<div class="grid">
              ${value.map((gray) => html`<section class="card" key=${gray.name} aria-label=${`Gray release ${gray.name}`}>
                <div class="head">
                  <h2>${gray.name}</h2>
                  <${Tag} kind=${gray.paused ? "odd" : "good"}>${gray.paused ? "paused" : "open"}<//>
                </div>
                <dl>
                  <dt>Release</dt><dd>${gray.release} beside stable ${ns.stable}</dd>
                  <dt>Step</dt><dd>${gray.step} of ${gray.steps}</dd>
                  <dt>Audience</dt><dd><code>${gray.audience}</code></dd>
                  <dt>Applied</dt><dd data-applied>${gray.applied} of ${gray.matched.length}</dd>
                  <dt>Since</dt><dd><${When} at=${gray.since} /></dd>
                  <dt>Instances</dt><dd>${gray.matched.join(", ") || "none"}</dd>
                </dl>
                <progress value=${gray.applied} max=${Math.max(1, gray.matched.length)} aria-label=${`${gray.applied} of ${gray.matched.length} applied`}></progress>
                ${gray.rejected.length > 0 && html`<${Note} kind="bad">Rejected: ${gray.rejected.join("; ")}<//>`}
                ${may(me, "publisher", "admin") &&
                html`<div class="row">
                  <button class="main" disabled=${state.busy || gray.paused} onClick=${() => act(gray, "advance")}>${gray.step === gray.steps ? "Promote" : "Advance"}</button>
                  <button disabled=${state.busy} onClick=${() => act(gray, gray.paused ? "resume" : "pause")}>${gray.paused ? "Resume" : "Pause"}</button>
                  <button class="danger" onClick=${() => setAborting(gray.name)}>Abort…</button>
                </div>`}
              </section>`)}
            </div>`}
    <//>
    ${aborting !== null &&
    html`<${Ask} title=${`Abort ${aborting}`} text="All instances get the stable release at once." label="Message" action="Abort" danger
      value=${reason} setValue=${setReason} run=${abort} state=${abortState} onClose=${() => setAborting(null)} />`}
  `;
}

function Instances({ path, ns }) {
  const all = useLive(path + "/instances");
  const columns = [
    { name: "Instance", of: (i) => i.instance },
    { name: "Status", of: (i) => html`<${Tag} kind=${i.status === "applied" ? "good" : i.status === "stale" || i.status === "overridden" ? "odd" : "bad"}>${i.status}<//>` },
    { name: "Release", kind: "num", of: (i) => i.release },
    { name: "Lag", kind: "num", of: (i) => (ns.stable !== null && i.release < ns.stable ? `${ns.stable - i.release} behind` : "–") },
    { name: "Client", of: (i) => i.client || "–" },
    { name: "Address", of: (i) => i.address || "–" },
    { name: "Labels", of: (i) => Object.entries(i.labels).map(([k, v]) => `${k}=${v}`).join(", ") || "–" },
    { name: "Reason", of: (i) => i.reason || i.notKept || "–" },
  ];
  return html`<div class="card">
    <${Loaded} of=${all}>
      ${(value) => html`<${Table} caption=${`${value.length} live instances`} columns=${columns} rows=${value} keyOf=${(i) => i.instance + i.incarnation} empty="No instance follows this namespace." />`}
    <//>
  </div>`;
}

export const changeColumns = (withNamespace) => [
  ...(withNamespace ? [{ name: "Namespace", of: (e) => (e.problem ? e.namespace : html`<a href=${address(e.namespace)}>${e.namespace}</a>`) }] : []),
  { name: "Revision", kind: "num", of: (e) => e.revision || "–" },
  { name: "Action", of: (e) => (e.problem ? html`<${Tag} kind="bad">unreadable<//> ${e.problem}` : html`${e.action}${e.overrides.length > 0 ? html` <${Tag} kind="odd">overrides ${e.overrides.join(", ")}<//>` : ""}`) },
  { name: "Release", kind: "num", of: (e) => (e.release === null ? "–" : e.release) },
  { name: "By", of: (e) => e.author || "–" },
  { name: "Identity", of: (e) => e.identities.join(", ") || "–" },
  { name: "At", kind: "when", of: (e) => html`<${When} at=${e.at} />` },
  { name: "Message", of: (e) => e.message || "–" },
];

function Changes({ path, ns }) {
  const entries = useRead(`${path}/changes?limit=200`, ns.revision);
  return html`<div class="card">
    <${Loaded} of=${entries}>
      ${(value) => html`<${Table} caption="Changes, newest first" columns=${changeColumns(false)} rows=${value} keyOf=${(e) => e.revision} empty="No change yet." />`}
    <//>
  </div>`;
}

function Rules({ ns }) {
  const policy = ns.policy;
  return html`<div class="card">
    <h2>Policy</h2>
    <dl>
      <dt>Approvals</dt><dd>${policy.approvals === 0 ? "none needed" : policy.approvals}</dd>
      <dt>Secrets</dt><dd>${policy.secrets.join(", ") || "none"}</dd>
      <dt>Layers</dt><dd>${policy.layers.join(", ") || "none"}</dd>
      <dt>Keeps</dt><dd>${policy.keepNewest} releases, and those younger than ${policy.keepYoungerThan}</dd>
      <dt>Freezes</dt>
      <dd>${policy.freezes.length === 0 ? "none" : policy.freezes.map((f) => html`<div>${f.reason}: <${When} at=${f.from} /> to <${When} at=${f.until} /></div>`)}</dd>
      <dt>Schema</dt><dd>${policy.schema === "" ? "none" : html`<pre>${policy.schema}</pre>`}</dd>
    </dl>
  </div>`;
}

export function Search() {
  const [key, setKey] = useState("");
  const [run, state] = useAction(() => get("/search?key=" + encodeURIComponent(key)));
  const [found, setFound] = useState(null);
  const columns = [
    { name: "Namespace", of: (m) => (m.problem ? html`${m.namespace} <${Tag} kind="bad">not searched<//> ${m.problem}` : html`<a href=${address(m.namespace)}>${m.namespace}</a>`) },
    { name: "Release", kind: "num", of: (m) => m.release },
    { name: "Rule", of: (m) => m.rule },
    { name: "Key", of: (m) => html`<code>${m.key}</code>` },
    { name: "Value", of: (m) => html`<code>${m.value}</code>` },
  ];
  return html`
    <div class="head"><h1>Search for a key</h1></div>
    <div class="card">
      <form onSubmit=${async (event) => { event.preventDefault(); setFound(await run()); }}>
        <${Text} label="Pattern, in which * stands for anything" value=${key} onInput=${setKey} placeholder="db.*" type="search" />
        <div class="row"><button class="main" disabled=${state.busy || key.trim() === ""}>Search</button></div>
      </form>
    </div>
    <${Failure} error=${state.error} />
    ${found && html`<div class="card">
      <${Table} caption=${`${found.filter((m) => !m.problem).length} keys in force`} columns=${columns} rows=${found} keyOf=${(m) => m.namespace + m.rule + m.key} empty="No key in force matches." />
    </div>`}
  `;
}
