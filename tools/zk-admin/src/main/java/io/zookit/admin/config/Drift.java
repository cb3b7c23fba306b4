package io.zookit.admin.config;

import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Determines what publishing given contents would change. */
final class Drift {

  private Drift() {}

  static List<PublishPreviewDocument> previews(ConfigStore store, Map<Namespace, Content> contents)
      throws InterruptedException {
    List<PublishPreviewDocument> previews = new ArrayList<>();
    for (Map.Entry<Namespace, Content> each : contents.entrySet()) {
      previews.add(
          PublishPreviewDocument.of(each.getKey(), store.preview(each.getKey(), each.getValue())));
    }
    return previews;
  }
}
