package io.zookit.admin.shell;

/**
 * Where a command connects.
 *
 * @param context how
 * @param source who said so
 */
public record Target(Context context, String source) {}
