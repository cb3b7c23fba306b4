/** Output of commands: tables and pages for people, JSON, YAML and names for programs. */
@NullMarked
package io.zookit.admin.output;

import org.jspecify.annotations.NullMarked;
