import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, post, useAction } from "./client.js";
import { Failure, Note, Text, Zone, html } from "./parts.js";
import { Namespace, Namespaces, Search } from "./config.js";
import { Audit, Health, Ids, Job, Jobs, Lock, Locks, Service, Services } from "./cluster.js";

const PAGES = [
  ["namespaces", "Namespaces"],
  ["search", "Search"],
  ["services", "Services"],
  ["locks", "Locks"],
  ["jobs", "Jobs"],
  ["ids", "Ids"],
  ["audit", "Audit"],
  ["health", "Health"],
];

function useRoute() {
  const read = () =>
    window.location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
  const [route, setRoute] = useState(read());
  useEffect(() => {
    const changed = () => setRoute(read());
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return route.length === 0 ? ["namespaces"] : route;
}

function Page({ route, me }) {
  const [name, ...rest] = route;
  switch (name) {
    case "namespaces":
      return html`<${Namespaces} me=${me} />`;
    case "ns":
      return html`<${Namespace} key=${rest.slice(0, 3).join("/")} name=${rest.slice(0, 3)} tab=${rest[3] || "content"} me=${me} />`;
    case "search":
      return html`<${Search} />`;
    case "services":
      return html`<${Services} />`;
    case "service":
      return html`<${Service} key=${rest[0]} name=${rest[0]} me=${me} />`;
    case "locks":
      return html`<${Locks} />`;
    case "lock":
      return html`<${Lock} key=${rest.join("/")} name=${rest.join("/")} me=${me} />`;
    case "jobs":
      return html`<${Jobs} />`;
    case "job":
      return html`<${Job} key=${rest[0]} name=${rest[0]} me=${me} />`;
    case "ids":
      return html`<${Ids} />`;
    case "audit":
      return html`<${Audit} />`;
    case "health":
      return html`<${Health} />`;
    default:
      return html`<h1>No such page</h1><p><a href="#/namespaces">All namespaces</a></p>`;
  }
}

const GROUP = { ns: "namespaces", service: "services", lock: "locks", job: "jobs" };

function Shell({ me, onLogout }) {
  const route = useRoute();
  const main = useRef(null);
  const shown = useRef(route.slice(0, 4).join("/"));
  const group = GROUP[route[0]] || route[0];
  useEffect(() => {
    const now = route.slice(0, 4).join("/");
    if (shown.current !== now) {
      shown.current = now;
      main.current.focus();
    }
    document.title = `${group} – Zookit console`;
  }, [route]);
  return html`
    <a
      class="skip"
      href="#main"
      onClick=${(event) => {
        event.preventDefault();
        main.current.focus();
      }}
      >Skip to content</a
    >
    <header class="top">
      <a class="brand" href="#/namespaces">Zookit</a>
      <nav aria-label="Pages">
        <ul class="nav">
          ${PAGES.map(
            ([name, title]) => html`<li>
              <a href=${"#/" + name} aria-current=${name === group ? "page" : null}>${title}</a>
            </li>`
          )}
        </ul>
      </nav>
      <div class="who">
        <span>${me.name} (${me.role})</span>
        <button onClick=${onLogout}>Log out</button>
      </div>
    </header>
    <aside aria-label="About this console">
      ${!me.secured &&
      html`<${Note} kind="odd banner">This ensemble has no access lists: every role shares one session at ZooKeeper.<//>`}
      ${me.readOnly && html`<${Note} kind="odd banner">This console is read-only.<//>`}
    </aside>
    <main id="main" tabindex="-1" ref=${main}>
      <${Page} route=${route} me=${me} />
      <p><${Zone} /></p>
    </main>
  `;
}

function Login({ onLogin, failure }) {
  const [secret, setSecret] = useState("");
  const [run, state] = useAction(() => post("/login", { secret }).then(onLogin));
  return html`<main class="login">
    <div class="card">
      <h1>Zookit console</h1>
      <p>Open the link that <code>zookit console</code> printed, or paste a token or the secret of a link.</p>
      <${Failure} error=${state.error || failure} />
      <form
        onSubmit=${(event) => {
          event.preventDefault();
          run();
        }}
      >
        <${Text} label="Token or secret" value=${secret} onInput=${setSecret} type="password" autocomplete="off" />
        <div class="row"><button class="main" disabled=${state.busy || secret === ""}>Log in</button></div>
      </form>
    </div>
  </main>`;
}

function App() {
  const [me, setMe] = useState(undefined);
  const [failure, setFailure] = useState(null);
  useEffect(() => {
    const link = /^#login=([A-Za-z0-9_-]+)$/.exec(window.location.hash);
    if (link) {
      window.history.replaceState(null, "", "/"); // the secret must not stay in the history
    }
    const first = link ? post("/login", { secret: link[1] }) : get("/me");
    first.then(setMe, (error) => {
      setMe(null);
      setFailure(link ? error : null);
    });
    const loggedOut = () => setMe(null);
    window.addEventListener("logged-out", loggedOut);
    return () => window.removeEventListener("logged-out", loggedOut);
  }, []);
  if (me === undefined) {
    return html`<main class="login"><p role="status">Loading…</p></main>`;
  }
  if (me === null) {
    return html`<${Login}
      failure=${failure}
      onLogin=${(value) => {
        setFailure(null);
        setMe(value);
      }}
    />`;
  }
  const logout = () => post("/logout", {}).then(() => setMe(null), () => setMe(null));
  return html`<${Shell} me=${me} onLogout=${logout} />`;
}

render(html`<${App} />`, document.getElementById("app"));
