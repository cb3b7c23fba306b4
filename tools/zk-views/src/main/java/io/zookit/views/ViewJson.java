package io.zookit.views;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.core.FencingToken;
import io.zookit.registry.HeartbeatReport;
import io.zookit.scheduler.JobNode;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.time.Slot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Writes shapes as JSON: names in camel case, times in ISO 8601 and UTC, constants in lower case, absent values as null, maps
 * in the order of their keys.
 */
public final class ViewJson {

  private static final ObjectMapper MAPPER = JsonMapper.builder()
      .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
      .addModule(new SimpleModule()
          .addSerializer(Instant.class, ToStringSerializer.instance)
          .addSerializer(Duration.class, ToStringSerializer.instance)
          .addSerializer(LocalDate.class, ToStringSerializer.instance)
          .addSerializer(Namespace.class, ToStringSerializer.instance)
          .addSerializer(FencingToken.class, ToStringSerializer.instance)
          .addSerializer(Audience.class, ToStringSerializer.instance)
          .addSerializer(Enum.class, new LowerCase())
          .addSerializer(Optional.class, new OptionalValue())
          .addSerializer(OptionalInt.class, new OptionalNumber())
          .addSerializer(OptionalLong.class, new OptionalLongNumber()))
      .addMixIn(Release.class, MixIns.OfRelease.class)
      .addMixIn(InstanceReleaseStatus.class, MixIns.OfStatus.class)
      .addMixIn(Instance.class, MixIns.OfInstance.class)
      .addMixIn(RunRecord.class, MixIns.OfRun.class)
      .addMixIn(Slot.class, MixIns.OfSlot.class)
      .addMixIn(JobNode.class, MixIns.OfJobNode.class)
      .addMixIn(HeartbeatReport.class, MixIns.OfHeartbeat.class)
      .build();

  private ViewJson() {}

  /** The mapper that writes them, for other formats of the same shapes; not to be configured. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** Writes a shape, a record that has a mix-in, or a list or map of such. */
  public static String write(Object shape) {
    try {
      return MAPPER.writeValueAsString(shape);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a shape cannot be written: " + shape, e);
    }
  }

  /** Writes constants in lower case. */
  @SuppressWarnings("rawtypes")
  private static final class LowerCase extends StdSerializer<Enum> {

    private static final long serialVersionUID = 1;

    LowerCase() {
      super(Enum.class);
    }

    @Override
    public void serialize(Enum value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(value.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Writes the value, or null. */
  @SuppressWarnings("rawtypes")
  private static final class OptionalValue extends StdSerializer<Optional> {

    private static final long serialVersionUID = 1;

    OptionalValue() {
      super(Optional.class);
    }

    @Override
    public void serialize(Optional value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (value.isPresent()) {
        provider.defaultSerializeValue(value.get(), json);
      } else {
        json.writeNull();
      }
    }
  }

  /** Writes the number, or null. */
  private static final class OptionalNumber extends StdSerializer<OptionalInt> {

    private static final long serialVersionUID = 1;

    OptionalNumber() {
      super(OptionalInt.class);
    }

    @Override
    public void serialize(OptionalInt value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (value.isPresent()) {
        json.writeNumber(value.getAsInt());
      } else {
        json.writeNull();
      }
    }
  }

  /** Writes the number, or null. */
  private static final class OptionalLongNumber extends StdSerializer<OptionalLong> {

    private static final long serialVersionUID = 1;

    OptionalLongNumber() {
      super(OptionalLong.class);
    }

    @Override
    public void serialize(OptionalLong value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (value.isPresent()) {
        json.writeNumber(value.getAsLong());
      } else {
        json.writeNull();
      }
    }
  }
}
