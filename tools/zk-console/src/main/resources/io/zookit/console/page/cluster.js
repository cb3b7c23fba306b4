import { useState } from "preact/hooks";
import { encoded, post, useAction, useLive, useRead } from "./client.js";
import { Ask, Failure, Live, Loaded, Note, Table, Tag, When, html } from "./parts.js";
import { changeColumns } from "./config.js";

const may = (me) => !me.readOnly && ["operator", "admin"].includes(me.role);

export function Services() {
  const all = useLive("/services");
  const columns = [
    { name: "Service", of: (s) => html`<a href=${"#/service/" + encodeURIComponent(s.service)}>${s.service}</a>` },
    { name: "Instances", kind: "num", of: (s) => (s.problem ? "–" : s.instances) },
    {
      name: "In rotation",
      of: (s) => s.problem ? html`<${Tag} kind="bad">unreadable<//> ${s.problem}`
        : html`<${Tag} kind=${s.inRotation === 0 ? "bad" : s.inRotation < s.instances ? "odd" : "good"}>${s.inRotation} of ${s.instances}<//>`,
    },
  ];
  return html`
    <div class="head"><h1>Services</h1><${Live} of=${all} /></div>
    <div class="card"><${Loaded} of=${all}>
      ${(value) => html`<${Table} caption=${`${value.length} services`} columns=${columns} rows=${value} keyOf=${(s) => s.service} empty="No service is registered." />`}
    <//></div>`;
}

function rule(member) {
  if (!member.rule) {
    return "–";
  }
  const words = [];
  if (member.rule.circuit) { words.push("circuit " + member.rule.circuit); }
  if (member.rule.disabled) { words.push("disabled"); }
  if (member.rule.drain) { words.push("draining"); }
  if (member.rule.weight !== null) { words.push("weight " + member.rule.weight); }
  return html`<${Tag} kind="odd">${words.join(", ") || "none"}<//> by ${member.rule.by}`;
}

export function Service({ name, me }) {
  const live = useLive(`/services/${encodeURIComponent(name)}/instances`);
  const service = useRead(`/services/${encodeURIComponent(name)}`, live.value ? live.value.instances.map((i) => i.id).join() : "");
  const consumers = useRead(`/services/${encodeURIComponent(name)}/consumers`);
  const [draining, setDraining] = useState(null);
  const [typed, setTyped] = useState("");
  const [drain, state] = useAction(async () => {
    await post(`/services/${encodeURIComponent(name)}/instances/${encodeURIComponent(draining)}/drain`, {});
    setDraining(null);
    service.again();
  });
  const inRotation = new Set(live.value ? live.value.instances.map((i) => i.id) : []);
  const columns = [
    { name: "Instance", of: (i) => i.id },
    { name: "Address", of: (i) => i.address },
    { name: "Status", of: (i) => html`<${Tag} kind=${i.status === "up" ? "good" : "odd"}>${i.status}<//>` },
    { name: "In rotation", of: (i) => (inRotation.has(i.id) ? "yes" : html`<${Tag} kind="odd">no<//>`) },
    { name: "Weight", kind: "num", of: (i) => i.weight },
    { name: "Zone", of: (i) => i.zone || "–" },
    { name: "Version", of: (i) => i.version || "–" },
    { name: "Heartbeat", of: (i) => (i.heartbeat ? html`phi ${i.heartbeat.phi.toFixed(1)}` : "–") },
    { name: "Rule", of: rule },
    { name: "Actions", of: (i) => may(me) && !(i.rule && i.rule.drain)
        ? html`<button class="danger" onClick=${() => { setTyped(""); setDraining(i.id); }} aria-label=${`Drain ${i.id}`}>Drain…</button>` : "–" },
  ];
  return html`
    <div class="head"><h1>Service ${name}</h1><${Live} of=${live} /></div>
    <div class="card"><${Loaded} of=${service}>
      ${(value) => html`<${Table} caption=${`${value.instances.length} instances`} columns=${columns} rows=${value.instances} keyOf=${(i) => i.id} empty="No instance is registered." />`}
    <//></div>
    <div class="card"><${Loaded} of=${consumers}>
      ${(value) => html`<${Table} caption="Consumers that announce themselves" rows=${value} keyOf=${(c) => c.consumer + c.since} empty="No consumer announces itself."
        columns=${[{ name: "Consumer", of: (c) => c.consumer }, { name: "Since", kind: "when", of: (c) => html`<${When} at=${c.since} />` }]} />`}
    <//></div>
    ${draining !== null && html`<${Ask} title=${`Drain ${draining}`} text="Consumers stop choosing it, and its provider ends it." label="Type the id to confirm"
      retype=${draining} action="Drain" danger value=${typed} setValue=${setTyped} run=${drain} state=${state} onClose=${() => setDraining(null)} />`}`;
}

const holders = (lock) => lock.queue.filter((r) => r.role === "holder");
const who = (r) => (r.owner === null ? "unknown" : r.owner + (r.party ? " " + r.party : ""));

export function Locks() {
  const all = useRead("/locks");
  const columns = [
    { name: "Lock", of: (l) => html`<a href=${"#/lock/" + encoded(l.name)}>${l.name}</a>` },
    { name: "Held by", of: (l) => holders(l).map(who).join(", ") || "–" },
    { name: "Mode", of: (l) => [...new Set(l.queue.map((r) => r.mode))].join(", ") || "–" },
    { name: "Waiting", kind: "num", of: (l) => l.queue.filter((r) => r.role === "waiter").length },
    { name: "Token", of: (l) => html`<code>${holders(l).map((r) => r.token).join(", ") || "–"}</code>` },
  ];
  return html`
    <div class="head"><h1>Locks</h1><span class="grow"></span><button onClick=${all.again}>Read again</button></div>
    <div class="card"><${Loaded} of=${all}>
      ${(value) => html`<${Table} caption=${`${value.length} locks with a queue`} columns=${columns} rows=${value} keyOf=${(l) => l.name} empty="No lock is held or waited for." />`}
    <//></div>`;
}

export function Lock({ name, me }) {
  const lock = useLive("/locks/" + encoded(name));
  const [asked, setAsked] = useState(null);
  const [typed, setTyped] = useState("");
  const nodes = lock.value ? holders(lock.value).map((r) => r.node) : [];
  const [run, state] = useAction(async () => {
    if (asked === "revoke") {
      await post("/lock-revocations", { name, holders: nodes, reason: typed });
    } else {
      await post("/lock-breaks", { name, holders: nodes, confirm: typed });
    }
    setAsked(null);
  });
  const ask = (what) => { setTyped(""); setAsked(what); };
  const columns = [
    { name: "Place", kind: "num", of: (r) => lock.value.queue.indexOf(r) + 1 },
    { name: "Role", of: (r) => html`<${Tag} kind=${r.role === "holder" ? "good" : "odd"}>${r.role}<//>` },
    { name: "Mode", of: (r) => r.mode },
    { name: "Owner", of: who },
    { name: "Process", kind: "num", of: (r) => (r.pid === null ? "–" : r.pid) },
    { name: "Since", kind: "when", of: (r) => html`<${When} at=${r.since} />` },
    { name: "Token", of: (r) => html`<code>${r.token}</code>` },
    { name: "Revoked because", of: (r) => r.revoke || "–" },
  ];
  return html`
    <div class="head"><h1>Lock ${name}</h1><${Live} of=${lock} /><span class="grow"></span>
      ${may(me) && nodes.length > 0 && html`<button onClick=${() => ask("revoke")}>Revoke…</button>
        <button class="danger" onClick=${() => ask("break")}>Break…</button>`}
    </div>
    <div class="card"><${Loaded} of=${lock}>
      ${(value) => html`<${Table} caption="Queue" columns=${columns} rows=${value.queue} keyOf=${(r) => r.node} empty="No request is in its queue." />`}
    <//></div>
    ${asked === "revoke" && html`<${Ask} title="Ask the holders to release" text="A holder that does not listen keeps the lock." label="Reason" required
      action="Revoke" value=${typed} setValue=${setTyped} run=${run} state=${state} onClose=${() => setAsked(null)} />`}
    ${asked === "break" && html`<${Ask} title="Break the lock" text="The holders may go on for a while; only what checks their token is safe from them." label="Type the name of the lock to confirm"
      retype=${name} action="Break" danger value=${typed} setValue=${setTyped} run=${run} state=${state} onClose=${() => setAsked(null)} />`}`;
}

const outcome = (run) => html`<${Tag} kind=${run.fate === "ran" ? "good" : "bad"}>${run.fate}<//>`;
const jobState = (j) => j.paused !== null ? html`<${Tag} kind="odd">paused<//>` : j.running.length > 0 ? html`<${Tag} kind="good">running<//>` : html`<${Tag}>waiting<//>`;

export function Jobs() {
  const all = useLive("/jobs");
  const nodes = useRead("/job-nodes");
  const columns = [
    { name: "Job", of: (j) => html`<a href=${"#/job/" + encodeURIComponent(j.job)}>${j.job}</a>` },
    { name: "Schedule", of: (j) => j.schedule || "when triggered" },
    { name: "Mode", of: (j) => j.mode },
    { name: "State", of: jobState },
    { name: "Last", of: (j) => (j.last ? html`${outcome(j.last)} <${When} at=${j.last.end} />` : "–") },
    { name: "Failures", kind: "num", of: (j) => j.failures },
  ];
  return html`
    <div class="head"><h1>Jobs</h1><${Live} of=${all} /></div>
    <div class="card"><${Loaded} of=${all}>
      ${(value) => html`
        ${Object.entries(value.unreadable).map(([job, reason]) => html`<${Note} kind="bad">${job} cannot be read: ${reason}<//>`)}
        <${Table} caption=${`${value.jobs.length} jobs`} columns=${columns} rows=${value.jobs} keyOf=${(j) => j.job} empty="No job is defined." />`}
    <//></div>
    <div class="card"><${Loaded} of=${nodes}>
      ${(value) => html`<${Table} caption="Nodes that run jobs" rows=${value} keyOf=${(n) => n.id} empty="No node runs jobs." columns=${[
        { name: "Node", of: (n) => n.node },
        { name: "Handlers", of: (n) => Object.keys(n.handlers).join(", ") || "–" },
        { name: "Weight", kind: "num", of: (n) => n.weight },
        { name: "State", of: (n) => (n.draining ? html`<${Tag} kind="odd">leaving<//>` : html`<${Tag} kind="good">up<//>`) },
      ]} />`}
    <//></div>`;
}

export function Job({ name, me }) {
  const all = useLive("/jobs");
  const job = all.value && all.value.jobs.find((each) => each.job === name);
  const seen = job ? job.mark + (job.last ? job.last.end : "") : "";
  const runs = useRead(`/jobs/${encodeURIComponent(name)}/runs`, seen);
  const next = useRead(`/jobs/${encodeURIComponent(name)}/next`, seen);
  const [asked, setAsked] = useState(null);
  const [reason, setReason] = useState("");
  const [run, state] = useAction(async () => {
    await post(`/jobs/${encodeURIComponent(name)}/${asked}`, { reason });
    setAsked(null);
  });
  const ask = (what) => { setReason(""); setAsked(what); };
  return html`
    <div class="head"><h1>Job ${name}</h1>${job && jobState(job)}<${Live} of=${all} /><span class="grow"></span>
      ${job && may(me) && html`<button onClick=${() => ask("trigger")}>Run now…</button>
        ${job.paused === null ? html`<button onClick=${() => ask("pause")}>Pause…</button>` : html`<button onClick=${() => ask("resume")}>Resume…</button>`}`}
    </div>
    <${Failure} error=${all.error} />
    ${all.value && !job && html`<${Note} kind="odd">This job does not exist, or cannot be read.<//>`}
    ${job && html`<div class="card"><dl>
      <dt>Schedule</dt><dd>${job.schedule || "when triggered"}</dd>
      <dt>Mode</dt><dd>${job.mode}</dd>
      <dt>Handler</dt><dd>${job.handler}</dd>
      ${job.paused !== null && html`<dt>Paused because</dt><dd>${job.paused}</dd>`}
      <dt>Running</dt><dd>${job.running.join(", ") || "no"}</dd>
      <dt>Failures in a row</dt><dd>${job.failures}</dd>
      <dt>Last success</dt><dd>${job.lastSuccess ? html`<${When} at=${job.lastSuccess} />` : "never"}</dd>
    </dl></div>`}
    <div class="card"><${Loaded} of=${runs}>
      ${(value) => html`<${Table} caption="Ends of runs, newest first" rows=${[...value].reverse()} keyOf=${(r) => r.id + r.attempt + r.end} empty="No run has ended." columns=${[
        { name: "Slot", of: (r) => r.slot + (r.fold === 1 ? " (second)" : "") },
        { name: "Outcome", of: outcome },
        { name: "Node", of: (r) => r.node },
        { name: "Start", kind: "when", of: (r) => html`<${When} at=${r.start} />` },
        { name: "Took", of: (r) => r.duration },
        { name: "Error", of: (r) => r.error || "–" },
      ]} />`}
    <//></div>
    <div class="card"><${Loaded} of=${next}>
      ${(value) => html`<${Table} caption="Next runs" rows=${value} keyOf=${(n) => n.due} empty="It has no next run." columns=${[
        { name: "Slot", of: (n) => n.slot },
        { name: "Due", kind: "when", of: (n) => html`<${When} at=${n.due} />` },
        { name: "Note", of: (n) => n.note || "–" },
      ]} />`}
    <//></div>
    ${asked !== null && html`<${Ask} title=${{ trigger: "Run it now", pause: "Pause the job", resume: "Resume the job" }[asked]}
      text=${{ trigger: "It runs once, also while it is paused.", pause: "No slot is run until it is resumed; runs that are on go on.", resume: "Slots are run again." }[asked]}
      label="Reason" required=${asked === "pause"} action=${{ trigger: "Run", pause: "Pause", resume: "Resume" }[asked]}
      value=${reason} setValue=${setReason} run=${run} state=${state} onClose=${() => setAsked(null)} />`}`;
}

export function Ids() {
  const all = useRead("/ids");
  const columns = [
    { name: "Name", of: (i) => i.name },
    { name: "Kind", of: (i) => i.kind },
    { name: "State", of: (i) => html`<${Tag} kind=${i.state === "open" ? "good" : "bad"}>${i.state}<//>` },
    { name: "Next", kind: "num", of: (i) => (i.next === null ? "–" : i.next) },
    { name: "Generation", kind: "num", of: (i) => i.generation },
    { name: "Reason", of: (i) => i.reason || "–" },
  ];
  return html`
    <div class="head"><h1>Ids</h1><span class="grow"></span><button onClick=${all.again}>Read again</button></div>
    <div class="card"><${Loaded} of=${all}>
      ${(value) => html`<${Table} caption=${`${value.length} names`} columns=${columns} rows=${value} keyOf=${(i) => i.name} empty="No name hands out ids." />`}
    <//></div>`;
}

export function Audit() {
  const entries = useRead("/audit?limit=200");
  const changes = useRead("/changes?limit=200");
  const columns = [
    { name: "At", kind: "when", of: (e) => html`<${When} at=${e.at} />` },
    { name: "Action", of: (e) => (e.problem ? html`<${Tag} kind="bad">unreadable<//> ${e.problem}` : e.action) },
    { name: "Target", of: (e) => e.target },
    { name: "By", of: (e) => e.by },
    { name: "Identity", of: (e) => e.identities.join(", ") || "–" },
    { name: "Client", of: (e) => e.client || "–" },
    { name: "Detail", of: (e) => e.detail || "–" },
  ];
  return html`
    <div class="head"><h1>Audit</h1><span class="grow"></span><button onClick=${() => { entries.again(); changes.again(); }}>Read again</button></div>
    <div class="card"><${Loaded} of=${entries}>
      ${(value) => html`<${Table} caption="Locks, jobs, services and access, newest first" columns=${columns} rows=${value} keyOf=${(e) => e.day + e.number} empty="No change yet." />`}
    <//></div>
    <div class="card"><${Loaded} of=${changes}>
      ${(value) => html`<${Table} caption="Configuration, newest first" columns=${changeColumns(true)} rows=${value} keyOf=${(e) => e.namespace + e.epoch + e.revision} empty="No change yet." />`}
    <//></div>`;
}

export function Health() {
  const health = useRead("/health");
  return html`
    <div class="head"><h1>Health</h1><span class="grow"></span><button onClick=${health.again}>Read again</button></div>
    <${Loaded} of=${health}>
      ${(value) => html`
        ${value.suspicion && html`<${Note} kind="bad" role="alert">Data may have been lost or restored: ${value.suspicion}<//>`}
        <div class="card">
          <${Table} caption="Servers" rows=${value.servers} keyOf=${(s) => s.server} empty="None." columns=${[
            { name: "Server", of: (s) => s.server },
            { name: "State", of: (s) => (s.problem ? html`<${Tag} kind="bad">down<//> ${s.problem}` : html`<${Tag} kind="good">up<//>`) },
            { name: "Mode", of: (s) => s.mode || "not reported" },
            { name: "Version", of: (s) => s.version || "not reported" },
          ]} />
        </div>
        <div class="card">
          <${Table} caption="Sessions of this console, one for each role" rows=${value.roles} keyOf=${(r) => r.role} empty="None." columns=${[
            { name: "Role", of: (r) => r.role },
            { name: "Session", of: (r) => html`<${Tag} kind=${r.state === "connected" ? "good" : "bad"}>${r.state}<//>` },
          ]} />
        </div>
        <div class="card"><dl>
          <dt>Root</dt><dd>${value.root}</dd>
          <dt>Incarnation</dt><dd>${value.incarnation}</dd>
          <dt>Access lists</dt><dd>${value.secured ? "one identity for each role" : "none: every role shares one session"}</dd>
        </dl></div>`}
    <//>`;
}
