import { useEffect, useRef, useState } from "preact/hooks";

// Requests to the API of this console.

const OWN = { "X-Zookit-Console": "1" };

/** An answer that is an error; problem is the object of RFC 9457. */
export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

async function checked(response) {
  if (response.ok) {
    return response.status === 204 ? null : response.json();
  }
  let problem;
  try {
    problem = await response.json();
  } catch {
    problem = { status: response.status, title: response.statusText, detail: "", problems: [] };
  }
  if (response.status === 401) {
    window.dispatchEvent(new Event("logged-out"));
  }
  throw new ProblemError(problem);
}

export async function get(path) {
  return checked(await fetch("/api/v1" + path, { headers: OWN }));
}

export async function post(path, body, headers = {}) {
  return checked(
    await fetch("/api/v1" + path, {
      method: "POST",
      headers: { ...OWN, "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    })
  );
}

/** The path of a name that may have slashes. */
export function encoded(name) {
  return name.split("/").map(encodeURIComponent).join("/");
}

/** Reads once, again when asked to, and when the version is another: {value, error, again}. */
export function useRead(path, version) {
  const [state, setState] = useState({});
  const [count, setCount] = useState(0);
  const shown = useRef(path);
  useEffect(() => {
    let current = true;
    if (shown.current !== path) {
      shown.current = path;
      setState({});
    }
    if (path === null) {
      return undefined;
    }
    get(path).then(
      (value) => current && setState({ value }),
      (error) => current && setState((before) => ({ value: before.value, error }))
    );
    return () => {
      current = false;
    };
  }, [path, count, version]);
  return { ...state, again: () => setCount((n) => n + 1) };
}

/** Follows an answer while the page is visible: {value, error, live}. A hidden tab has no connection open. */
export function useLive(path) {
  const [state, setState] = useState({});
  useEffect(() => {
    let source = null;
    setState({});
    const open = () => {
      source = new EventSource("/api/v1" + path);
      source.onmessage = (event) => setState({ value: JSON.parse(event.data), live: true });
      source.addEventListener("problem", (event) =>
        setState((before) => ({
          value: before.value,
          error: new ProblemError(JSON.parse(event.data)),
          live: false,
        }))
      );
      source.onerror = () => {
        setState((before) => ({ ...before, live: false }));
        if (source.readyState === EventSource.CLOSED) {
          get("/me").catch(() => {});
          window.setTimeout(() => document.hidden || reopen(), 2000);
        }
      };
    };
    const close = () => {
      if (source) {
        source.close();
      }
      source = null;
    };
    let stopped = false;
    const reopen = () => {
      close();
      if (!stopped) {
        open();
      }
    };
    const visible = () => (document.hidden ? close() : source || open());
    document.addEventListener("visibilitychange", visible);
    visible();
    return () => {
      stopped = true;
      document.removeEventListener("visibilitychange", visible);
      close();
    };
  }, [path]);
  return state;
}

/** Runs one action at a time: [run, {busy, error, done}]. */
export function useAction(action) {
  const [state, setState] = useState({ busy: false });
  const run = async (...args) => {
    setState({ busy: true });
    try {
      const value = await action(...args);
      setState({ busy: false, done: true });
      return value;
    } catch (error) {
      setState({ busy: false, error });
      return undefined;
    }
  };
  return [run, state, () => setState({ busy: false })];
}
