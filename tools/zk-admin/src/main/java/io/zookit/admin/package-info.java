/** The {@code zookit} command line. It uses what users can use: where it needs more, the API lacks a verb. */
@NullMarked
package io.zookit.admin;

import org.jspecify.annotations.NullMarked;
