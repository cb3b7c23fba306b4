package io.zookit.console.resource;

import io.zookit.console.follow.EnsembleStatusProbe;
import io.zookit.views.AuditShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ensemble, the audit and the ids. */
final class ClusterResource {

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/ids", call -> ApiReply.ok(call.session().ids().list())),
        Endpoint.get(
            "/audit",
            call -> ApiReply.ok(call.session().audit().newest(call.limit(100)).stream()
                .map(AuditShape::of)
                .toList())),
        Endpoint.get("/health", this::health));
  }

  /**
   * The state of the ensemble and of this console's connections.
   *
   * @param secured whether each role has an identity of its own at ZooKeeper
   * @param suspicion why the data may have been lost or restored; null for no suspicion
   */
  record EnsembleHealth(
      boolean secured,
      String root,
      long incarnation,
      Optional<String> suspicion,
      List<RoleConnection> roles,
      List<EnsembleStatusProbe.ServerHealth> servers) {}

  /**
   * The connection of a role.
   *
   * @param state connected, suspect or lost
   */
  record RoleConnection(String role, String state) {}

  private ApiReply health(ApiCall call) {
    List<RoleConnection> roles = new ArrayList<>();
    call.sessions()
        .roles()
        .forEach(role -> roles.add(new RoleConnection(
            role.toString(),
            call.sessions()
                .of(role)
                .map(session -> session.client().session().state().toString())
                .orElse("off")
                .toLowerCase(java.util.Locale.ROOT))));
    return ApiReply.ok(new EnsembleHealth(
        call.sessions().isSecured(),
        call.session().client().root(),
        call.session().client().incarnation(),
        call.session().client().suspicion().map(each -> each.reason()),
        roles,
        EnsembleStatusProbe.of(call.session().client().timekeeper())
            .all(call.sessions().connectString())));
  }
}
