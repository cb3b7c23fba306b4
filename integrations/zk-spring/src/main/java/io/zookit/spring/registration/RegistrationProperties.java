package io.zookit.spring.registration;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code zookit.registration.*}.
 *
 * @param enabled whether the application is registered; one without a web server only if it has a port
 * @param service the name of the service; spring.application.name unless set
 * @param host the name or address that consumers call; the first address of this machine that is not a loopback unless set
 * @param port the port that consumers call; the one of the web server unless set
 * @param id the name of the instance in its service; host and port unless set
 * @param zone the zone it runs in
 * @param version the version it runs
 * @param weight the share of calls, relative to other instances
 * @param metadata what else consumers may know
 * @param drain the time between the goodbye and the end of the web server, in which consumers learn of it
 */
@ConfigurationProperties("zookit.registration")
public record RegistrationProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String service,
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String id,
    @Nullable String zone,
    @Nullable String version,
    @DefaultValue("100") int weight,
    @DefaultValue Map<String, String> metadata,
    @DefaultValue("2s") Duration drain) {}
