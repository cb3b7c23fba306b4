package io.zookit.scheduler.internal.state;

import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;

/** A job as it was read, with the versions that a change is committed against. */
public record JobSnapshot(
    DefRecord def,
    int defVersion,
    ScheduleTimeline timeline,
    ControlRecord control,
    int controlVersion,
    StateRecord state,
    int stateVersion) {

  /** Returns the name of the job. */
  public String name() {
    return def.job().name();
  }

  /** Returns the definition in force. */
  public JobRecord job() {
    return def.job();
  }

  /** Returns the job after its definition was replaced. */
  public JobSnapshot withDefinition(DefRecord newDef) {
    return new JobSnapshot(
        newDef,
        defVersion + 1,
        new ScheduleTimeline(newDef),
        control,
        controlVersion,
        state,
        stateVersion);
  }

  /** Returns the rules for the slots of the job. */
  public Planner planner() {
    return new Planner(def.job(), timeline, control);
  }

  JobSnapshot withDef(DefRecord to, int version) {
    return new JobSnapshot(
        to, version, new ScheduleTimeline(to), control, controlVersion, state, stateVersion);
  }

  JobSnapshot withControl(ControlRecord to, int version) {
    return new JobSnapshot(def, defVersion, timeline, to, version, state, stateVersion);
  }

  JobSnapshot withState(StateRecord to, int version) {
    return new JobSnapshot(def, defVersion, timeline, control, controlVersion, to, version);
  }

  /** A copy that any version replaces, also a lower one. */
  JobSnapshot withoutVersions() {
    return new JobSnapshot(def, -1, timeline, control, -1, state, -1);
  }
}
