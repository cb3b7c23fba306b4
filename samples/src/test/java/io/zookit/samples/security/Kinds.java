package io.zookit.samples.security;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rows of docs/znodes.md as patterns: what may stand below a root. */
final class Kinds {

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
  private static final String LIFE = NAME + "@[0-9a-f]{1,16}";
  private static final String NESTED = "(/" + NAME + ")+";
  private static final String CONFIG = "/config/" + NAME + "/apps/" + NAME + "/" + NAME;
  private static final String JOB = "/jobs/~p[0-9a-f]{2}/" + NAME;

  private static final Map<String, Pattern> ALL = all();

  private Kinds() {}

  /** The names of all kinds. */
  static Iterable<String> names() {
    return ALL.keySet();
  }

  /** Returns the kind of a path below a root. */
  static Optional<String> of(String path) {
    return ALL.entrySet().stream()
        .filter(kind -> kind.getValue().matcher(path).matches())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static Map<String, Pattern> all() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("incarnation", "/~incarnation");
    kinds.put("access", "/~access");
    kinds.put("lineage", "/~lineage");
    kinds.put("suspect", "/~suspect");
    kinds.put("audit of operators", "/audit");
    kinds.put("audit day", "/audit/\\d{8}");
    kinds.put("audit entry", "/audit/\\d{8}/\\d{10}");
    kinds.put("folder of an application", "/theirs");
    kinds.put("made under a fence", "/theirs/by-fence");
    locks(kinds);
    services(kinds);
    configuration(kinds);
    jobs(kinds);
    Map<String, Pattern> patterns = new LinkedHashMap<>();
    kinds.forEach((name, pattern) -> patterns.put(name, Pattern.compile(pattern)));
    return patterns;
  }

  private static void locks(Map<String, String> kinds) {
    kinds.put("locks", "/locks");
    kinds.put("lock folder", "/locks" + NESTED);
    kinds.put("lock queue", "/locks" + NESTED + "/~q");
    kinds.put("lock request", "/locks" + NESTED + "/~q/[a-z][0-9a-z_]+-\\d{10}");
    kinds.put("lock states", "/locks-state");
    kinds.put("lock state", "/locks-state" + NESTED);
    kinds.put("latches", "/latches");
    kinds.put("latch folder", "/latches" + NESTED);
    kinds.put("latch", "/latches" + NESTED + "/~l");
    kinds.put("latch generation", "/latches" + NESTED + "/~l/g\\d+");
    kinds.put("latch count", "/latches" + NESTED + "/~l/g\\d+/[0-9a-z.]+");
    kinds.put("barriers", "/barriers");
    kinds.put("barrier folder", "/barriers" + NESTED);
    kinds.put("barrier", "/barriers" + NESTED + "/~b");
    kinds.put("barrier member", "/barriers" + NESTED + "/~b/m[0-9a-z.]+-\\d{10}");
  }

  private static void services(Map<String, String> kinds) {
    for (String top : new String[] {"services", "service-beats", "service-consumers"}) {
      kinds.put(top, "/" + top);
      kinds.put(top + " of one", "/" + top + "/" + NAME);
    }
    kinds.put("service bucket", "/services/" + NAME + "/~b[0-9a-f]{2}");
    kinds.put("instance", "/services/" + NAME + "/~b[0-9a-f]{2}/" + LIFE);
    kinds.put("service policy", "/services/" + NAME + "/~policy");
    kinds.put("beat bucket", "/service-beats/" + NAME + "/~b[0-9a-f]{2}");
    kinds.put("beat", "/service-beats/" + NAME + "/~b[0-9a-f]{2}/" + LIFE);
    kinds.put("consumer", "/service-consumers/" + NAME + "/" + LIFE);
  }

  private static void configuration(Map<String, String> kinds) {
    kinds.put("config", "/config");
    kinds.put("cluster", "/config/~cluster");
    kinds.put("environment", "/config/" + NAME);
    kinds.put("apps", "/config/" + NAME + "/apps");
    kinds.put("app", "/config/" + NAME + "/apps/" + NAME);
    kinds.put("namespace", CONFIG);
    kinds.put("head", CONFIG + "/head");
    kinds.put("releases", CONFIG + "/releases");
    kinds.put("release", CONFIG + "/releases/\\d{10}");
    kinds.put("audits", CONFIG + "/audit");
    kinds.put("audit", CONFIG + "/audit/\\d{10}");
    kinds.put("drafts", CONFIG + "/drafts");
    kinds.put("draft", CONFIG + "/drafts/" + NAME);
    kinds.put("requests", CONFIG + "/requests");
    kinds.put("request", CONFIG + "/requests/" + NAME);
    kinds.put("config policy", CONFIG + "/policy");
    kinds.put("blobs", "/config/" + NAME + "/blobs");
    kinds.put("blob", "/config/" + NAME + "/blobs/[0-9a-f]{64}");
    kinds.put("piece", "/config/" + NAME + "/blobs/[0-9a-f]{64}/\\d+");
    kinds.put("keys", "/config/" + NAME + "/keys");
    kinds.put("key", "/config/" + NAME + "/keys/" + NAME);
    kinds.put("acks", "/config-acks(/" + NAME + "){0,3}");
    kinds.put("ack", "/config-acks(/" + NAME + "){3}/" + LIFE);
  }

  private static void jobs(Map<String, String> kinds) {
    kinds.put("jobs", "/jobs");
    kinds.put("clock", "/jobs/~clock");
    kinds.put("partition", "/jobs/~p[0-9a-f]{2}");
    kinds.put("job", JOB);
    for (String part : new String[] {"def", "state", "ctl", "manual", "run", "exec"}) {
      kinds.put("job " + part, JOB + "/" + part);
    }
    kinds.put("past of a job", JOB + "/(ends|outcomes)-\\d+");
    kinds.put("trigger", JOB + "/manual/" + NAME);
    kinds.put("slot", JOB + "/exec/[sm][^/~]+");
    kinds.put("part run", JOB + "/exec/[sm][^/~]+/run-\\d+");
    kinds.put("checkpoint", JOB + "/exec/[sm][^/~]+~checkpoint(-\\d+)?");
    kinds.put("job-nodes", "/job-nodes");
    kinds.put("node", "/job-nodes/" + NAME);
    kinds.put("ids", "/ids");
    kinds.put("id record", "/ids/" + NAME);
    kinds.put("id counter", "/ids/" + NAME + "/~n");
    kinds.put("id slots", "/ids/" + NAME + "/~[woma]");
    kinds.put("id mark", "/ids/" + NAME + "/~w/\\d+");
    kinds.put("id slot owner", "/ids/" + NAME + "/~o/\\d+");
    kinds.put("groups", "/groups(/" + NAME + ")?");
    kinds.put("group partitions", "/groups/" + NAME + "/~spec");
    kinds.put("group folders", "/groups/" + NAME + "/~([mho]|[ho]/\\d+(/\\d+)?)");
    kinds.put("group member", "/groups/" + NAME + "/~m/" + NAME + "@[0-9a-f]{16}");
    kinds.put("group plan", "/groups/" + NAME + "/~plan");
    kinds.put("partition claim", "/groups/" + NAME + "/~h/\\d+/\\d+/\\d+");
    kinds.put("partition record", "/groups/" + NAME + "/~o/\\d+/\\d+/\\d+");
    kinds.put("counter member", "/ids/" + NAME + "/~m/[0-9a-f]{16}");
    kinds.put("counter member alive", "/ids/" + NAME + "/~a/[0-9a-f]{16}");
    kinds.put("counter total", "/ids/" + NAME + "/~t");
    kinds.put("shared value", "/ids/" + NAME + "/~v");
  }
}
