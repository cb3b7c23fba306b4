package io.zookit.admin.cli;

/**
 * The target to which a command connects.
 *
 * @param context the settings of the connection
 * @param source the origin of the settings, for messages
 */
public record Target(Context context, String source) {}
