package io.zookit.core.fence;

/** The rule for names of fenced resources. Any name of a lock is valid. */
final class ResourceName {

  static final int MAX_LENGTH = 512;

  private ResourceName() {}

  static String require(String resource) {
    if (resource.isBlank() || resource.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("resource: " + resource.length()
          + " characters (expected: 1 to " + MAX_LENGTH + ", not blank)");
    }
    if (resource.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "resource: has control characters (expected: printable text)");
    }
    return resource;
  }
}
