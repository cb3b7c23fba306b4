package io.zookit.config;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * State of a namespace.
 *
 * @param epoch rises when an older state was restored
 * @param revision rises with every change
 * @param lastRelease the greatest number given
 * @param deleted whether it is deleted; everything is still there and clients keep what they have
 * @param stable the stable release; empty when there is none
 * @param grays the names of the gray releases in the order in which they are tried
 * @param candidate the release that clients vote on; empty when there is none
 * @param pins the releases that are kept indefinitely
 * @param layers the public namespaces below, weakest first
 * @param by the author of the last change
 * @param at when, by the clock of the author
 * @param message why
 */
public record NamespaceState(
    Namespace namespace,
    long epoch,
    long revision,
    int lastRelease,
    boolean deleted,
    OptionalInt stable,
    List<String> grays,
    OptionalInt candidate,
    List<Integer> pins,
    List<Namespace> layers,
    String by,
    Instant at,
    String message) {}
