package io.zookit.config.internal.environment;

import io.zookit.config.Environments;
import io.zookit.config.Namespace;
import io.zookit.config.internal.zk.SecretDisclosure;
import io.zookit.core.audit.AuditEntry;
import io.zookit.core.audit.AuditLog;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds the openings of secrets in the audit, a day at a time. */
final class DisclosureReader {

  private final AuditLog audit;

  DisclosureReader(AuditLog audit) {
    this.audit = audit;
  }

  List<Environments.Disclosure> newest(String prefix, int most) throws InterruptedException {
    List<LocalDate> days = audit.days();
    List<Environments.Disclosure> found = new ArrayList<>();
    for (int i = days.size() - 1; i >= 0 && found.size() < most; i--) {
      List<Environments.Disclosure> ofDay = new ArrayList<>();
      audit.read(days.get(i), days.get(i), entry -> {
        if (entry.action().equals(SecretDisclosure.ACTION) && entry.target().startsWith(prefix)) {
          ofDay.add(disclosure(entry));
        }
      });
      Collections.reverse(ofDay);
      found.addAll(ofDay);
    }
    return List.copyOf(found.subList(0, Math.min(Math.max(0, most), found.size())));
  }

  private static Environments.Disclosure disclosure(AuditEntry entry) {
    return new Environments.Disclosure(
        Namespace.parse(entry.target()),
        entry.detail(),
        entry.by(),
        entry.identities(),
        entry.client(),
        entry.at());
  }
}
