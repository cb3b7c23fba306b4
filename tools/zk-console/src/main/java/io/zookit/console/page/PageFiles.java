package io.zookit.console.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;

/**
 * The files of the web page, read once: its own, and the modules of preact and htm from their jars. Imports by bare names are
 * rewritten to paths, because the content security policy allows no import map.
 */
public final class PageFiles {

  private static final String OWN = "/io/zookit/console/page/";
  private static final Map<String, PageFile> FILES = read();

  private PageFiles() {}

  /** A file. */
  public static final class PageFile {

    private final String type;
    private final byte[] bytes;
    private final byte[] zipped;
    private final String etag;

    private PageFile(String type, byte[] bytes, byte[] zipped, String etag) {
      this.type = type;
      this.bytes = bytes;
      this.zipped = zipped;
      this.etag = etag;
    }

    /** The media type. */
    public String type() {
      return type;
    }

    /** The content. */
    public byte[] bytes() {
      return bytes;
    }

    /** The content in gzip. */
    public byte[] zipped() {
      return zipped;
    }

    /** The entity tag in quotes. */
    public String etag() {
      return etag;
    }
  }

  /** The file at a path; empty if there is none. */
  public static Optional<PageFile> find(String path) {
    return Optional.ofNullable(FILES.get(path));
  }

  /** All paths. */
  static Map<String, PageFile> all() {
    return FILES;
  }

  private static Map<String, PageFile> read() {
    Map<String, PageFile> files = new LinkedHashMap<>();
    files.put("/", own("index.html", "text/html; charset=utf-8"));
    files.put("/page/console.css", own("console.css", "text/css; charset=utf-8"));
    files.put("/page/icon.svg", own("icon.svg", "image/svg+xml"));
    for (String script :
        new String[] {"console.js", "client.js", "parts.js", "config.js", "cluster.js"}) {
      files.put("/page/" + script, script(OWN + script));
    }
    files.put("/openapi.yaml", own("openapi.yaml", "application/yaml; charset=utf-8"));
    String preact =
        "/META-INF/resources/webjars/preact/" + versionOf("org.webjars.npm", "preact") + "/";
    files.put("/page/preact.js", script(preact + "dist/preact.module.js"));
    files.put("/page/hooks.js", script(preact + "hooks/dist/hooks.module.js"));
    files.put(
        "/page/htm.js",
        script("/META-INF/resources/_static/htm/" + versionOf("org.mvnpm", "htm")
            + "/dist/htm.module.js"));
    return Map.copyOf(files);
  }

  /** The version of a jar, from the properties that Maven put into it. */
  private static String versionOf(String group, String artifact) {
    Properties properties = new Properties();
    String name = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static PageFile own(String name, String type) {
    return file(bytes(OWN + name), type);
  }

  private static PageFile script(String name) {
    String text = new String(bytes(name), StandardCharsets.UTF_8)
        .replaceAll("//# sourceMappingURL=.*", "")
        .replace("from\"preact\"", "from\"/page/preact.js\"")
        .replace("from \"preact\"", "from \"/page/preact.js\"")
        .replace("from \"preact/hooks\"", "from \"/page/hooks.js\"")
        .replace("from \"htm\"", "from \"/page/htm.js\"");
    return file(text.getBytes(StandardCharsets.UTF_8), "text/javascript; charset=utf-8");
  }

  private static byte[] bytes(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PageFile file(byte[] bytes, String type) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      String etag = '"' + HexFormat.of().formatHex(Arrays.copyOf(hash, 12)) + '"';
      return new PageFile(type, bytes, zipped.toByteArray(), etag);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
