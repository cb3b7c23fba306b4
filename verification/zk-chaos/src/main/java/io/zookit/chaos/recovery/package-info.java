/** The experiment on background work: every loop resumes, and nothing is left behind. */
@NullMarked
package io.zookit.chaos.recovery;

import org.jspecify.annotations.NullMarked;
