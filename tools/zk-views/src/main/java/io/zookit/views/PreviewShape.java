package io.zookit.views;

import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import java.util.List;

/**
 * The effect that a publish would have.
 *
 * @param number the release that it would create
 * @param base the release that is stable now; 0 for none
 * @param unchanged whether it would create no release
 * @param instances the number of live instances that would get it
 * @param problems the reasons for which it would be refused
 */
public record PreviewShape(
    String namespace,
    int number,
    int base,
    boolean unchanged,
    int instances,
    List<String> problems,
    List<DiffShape.KeyShape> keys,
    List<String> unified) {

  /** The shape of a preview. */
  public static PreviewShape of(Namespace ns, PublishPreview preview) {
    return new PreviewShape(
        ns.toString(),
        preview.number(),
        preview.base(),
        preview.unchanged(),
        preview.instances(),
        preview.problems(),
        DiffShape.keysOf(preview.diff()),
        preview.diff().unified());
  }
}
