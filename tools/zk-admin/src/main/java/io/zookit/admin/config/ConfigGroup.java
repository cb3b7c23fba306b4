package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Group;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Verb;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigRejectedException;
import io.zookit.config.format.MalformedContentException;
import io.zookit.config.secret.SecretException;
import java.util.List;
import java.util.Map;

/** The commands about the configuration. */
public final class ConfigGroup {

  private ConfigGroup() {}

  /** The group, for a shell. */
  public static Group of(Shell shell) {
    return new Group(
        "config",
        "configuration: publish, show, diff, roll back, gray releases",
        verbs(shell),
        List.of(
            namespaces(shell),
            policies(shell),
            drafts(shell),
            requests(shell),
            grays(shell),
            keys(shell),
            heads(shell)),
        Map.of(
            ConfigNotFoundException.class, ExitCode.NOT_FOUND,
            ConfigConflictException.class, ExitCode.CONFLICT,
            ConfigRefusedException.class, ExitCode.CONFLICT,
            ConfigRejectedException.class, ExitCode.REJECTED,
            MalformedContentException.class, ExitCode.REJECTED,
            SecretException.class, ExitCode.DENIED));
  }

  private static List<Verb> verbs(Shell shell) {
    return List.of(
        new ConfigGet(shell),
        new ConfigSet(shell),
        new ConfigUnset(shell),
        new ConfigEdit(shell),
        new ConfigValidate(shell),
        new ConfigPublish(shell),
        new ConfigApply(shell),
        new ConfigExport(shell),
        new ConfigLog(shell),
        new ConfigShow(shell),
        new ConfigDiff(shell),
        new ConfigCompare(shell),
        new ConfigCopy(shell),
        new ConfigSearch(shell),
        new ConfigRollback(shell),
        new ConfigWithdraw(shell),
        new ConfigPin(shell),
        new ConfigUnpin(shell),
        new ConfigInstances(shell),
        new ConfigWho(shell),
        new ConfigExplain(shell),
        new ConfigWatch(shell),
        new ConfigAudit(shell),
        new ConfigGc(shell),
        new ConfigBackup(shell),
        new ConfigRestore(shell),
        new ConfigAccess(shell));
  }

  private static Group namespaces(Shell shell) {
    return new Group(
        "ns",
        "namespaces: make, describe, delete, restore",
        List.of(
            new NsList(shell),
            new NsCreate(shell),
            new NsDescribe(shell),
            new NsDelete(shell),
            new NsRestore(shell),
            new NsPurge(shell)));
  }

  private static Group policies(Shell shell) {
    return new Group(
        "policy",
        "rules of a namespace: schema, secrets, layers, retention, approvals, freezes",
        List.of(new PolicyShow(shell), new PolicySet(shell)));
  }

  private static Group drafts(Shell shell) {
    return new Group(
        "draft",
        "drafts: what is to be published",
        List.of(
            new DraftList(shell),
            new DraftSave(shell),
            new DraftShow(shell),
            new DraftDiff(shell),
            new DraftRebase(shell),
            new DraftApprove(shell),
            new DraftDiscard(shell)));
  }

  private static Group requests(Shell shell) {
    return new Group(
        "request",
        "requests for approval: rollbacks, policies, deletions and other changes that are no drafts",
        List.of(
            new RequestList(shell),
            new RequestShow(shell),
            new RequestApprove(shell),
            new RequestWithdraw(shell)));
  }

  private static Group grays(Shell shell) {
    return new Group(
        "gray",
        "gray releases: what some instances have while the others keep the stable release",
        List.of(
            new GrayStart(shell),
            new GrayStatus(shell),
            new GrayPreview(shell),
            new GrayAdvance(shell),
            new GrayWiden(shell),
            new GrayPause(shell),
            new GrayResume(shell),
            new GrayPromote(shell),
            new GrayAbort(shell)));
  }

  private static Group heads(Shell shell) {
    return new Group(
        "head", "what is in force, when it is damaged", List.of(new HeadRepairVerb(shell)));
  }

  private static Group keys(Shell shell) {
    return new Group(
        "keys", "data keys of secrets", List.of(new KeysList(shell), new KeysRotate(shell)));
  }
}
