package io.zookit.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds links of pages that lead nowhere: to no file of the checkout, or to no heading of a page. */
final class DocumentLinks {

  private final Path root;

  /** Checks links against the files below a folder. */
  DocumentLinks(Path root) {
    this.root = root;
  }

  /** The dead links of a page. Addresses on the web are not looked up. */
  List<Finding> dead(DocumentPage page) {
    return page.links()
        .filter(link -> !link.matches("(https?|mailto):.*"))
        .distinct()
        .flatMap(link -> fault(page, link).stream())
        .map(fault -> new Finding(page.path(), fault))
        .toList();
  }

  private Optional<String> fault(DocumentPage page, String link) {
    String[] parts = link.split("#", 2);
    Path from = root.resolve(page.path());
    Path target = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
    if (!target.equals(from) && !(target.startsWith(root) && Files.exists(target))) {
      return Optional.of(link + ": no such file");
    }
    if (parts.length == 2 && !anchorsOf(page, from, target).anchors().contains(parts[1])) {
      return Optional.of(link + ": no such heading");
    }
    return Optional.empty();
  }

  private DocumentPage anchorsOf(DocumentPage page, Path from, Path target) {
    if (target.equals(from)) {
      return page;
    }
    try {
      return new DocumentPage(root.relativize(target).toString(), Files.readString(target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
