/**
 * Selection of the instances that get a gray release: a language of rules, a sticky hash, and one pure function that
 * all sides share.
 *
 * <pre>
 *   audience := term { "&amp;&amp;" term }
 *   term     := "everyone" | "instance in (" id { "," id } ")" | "ip in " CIDR | "label." name " == " string
 *             | "not(" audience ")" | "any(" audience { "," audience } ")" | "percent(" number ")" | "count(" n ")"
 * </pre>
 *
 * <p>{@code percent} and {@code count} are the <i>dose</i>: at most one, and never inside {@code not} or {@code any}.
 */
@NullMarked
package io.zookit.config.gray;

import org.jspecify.annotations.NullMarked;
