package io.zookit.core.internal.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Writes the records of one type as JSON with a format version, and reads them.
 *
 * <pre>{@code {"v":3,"r":2,"host":"10.0.0.7","port":8080}}</pre>
 *
 * <p>The names of fields and of the constants of enums are those that {@link Stored} sets, and never change.
 *
 * <p>{@code v} is the format version of the writer, {@code r} the least version of a reader that can understand it.
 * Fields a reader does not know are ignored, so a field may be added at any time: it is {@code @Nullable}, because
 * older writers leave it out, and {@code r} stays if an older reader may do without it. A change that an older reader
 * would misunderstand raises {@code r}; so does a new constant of an enum, which is malformed to a reader that does not
 * know it.
 *
 * <p>The types are closed: the record, and in it strings, {@code int}, {@code long}, {@code double}, {@code boolean},
 * {@link java.time.Instant} and {@link java.time.Duration} (ISO 8601), enums, records, {@link java.util.List}s and
 * {@link java.util.Map}s from strings of these. No name of a class is ever written or looked up. A component is absent
 * when it is null, and may be so only if it is {@code @Nullable}; elements never are. Equal records have equal bytes:
 * maps are written in the order of their keys.
 *
 * <p>Immutable.
 */
public final class RecordCodec<T extends Record> {

  private static final String VERSION = "v";
  private static final String MIN_READER = "r";
  private static final int STANDARD_LIMIT = 64 * 1024;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER = 64;

  private final RecordShape<T> shape;
  private final int version;
  private final int minReader;
  private final int limit;
  private final ObjectReader reader;

  private RecordCodec(RecordShape<T> shape, int version, int minReader, int limit) {
    this.shape = shape;
    this.version = version;
    this.minReader = minReader;
    this.limit = limit;
    this.reader = boundedReader(limit);
  }

  /**
   * A codec that only readers of the same version understand, for records of at most 64 KiB.
   *
   * @param version the format version, 1 or more
   * @throws IllegalArgumentException if a component is of a type outside the closed ones; if it, or a constant of an enum,
   *     has no {@link Stored} name or one that is not valid or given twice; if a component is stored as {@code v} or {@code r}
   */
  public static <T extends Record> RecordCodec<T> of(Class<T> type, int version) {
    return of(RecordShape.of(type, false), version);
  }

  /**
   * A codec of a record of an application, which has no {@link Stored} names: what lacks one is stored under its own name,
   * which must not change then.
   *
   * @throws IllegalArgumentException as {@link #of}
   */
  public static <T extends Record> RecordCodec<T> ofOwnNames(Class<T> type) {
    return of(RecordShape.of(type, true), 1);
  }

  private static <T extends Record> RecordCodec<T> of(RecordShape<T> shape, int version) {
    if (version < 1) {
      throw new IllegalArgumentException("version: " + version + " (expected: 1 or more)");
    }
    if (shape.has(VERSION) || shape.has(MIN_READER)) {
      throw new IllegalArgumentException(
          shape.name() + ": has a component stored as v or r (expected: other names)");
    }
    return new RecordCodec<>(shape, version, version, STANDARD_LIMIT);
  }

  /** A copy whose records can be understood by readers of an older version too. */
  public RecordCodec<T> readableFrom(int oldest) {
    if (oldest < 1 || oldest > version) {
      throw new IllegalArgumentException(
          "readableFrom: " + oldest + " (expected: 1 to " + version + ")");
    }
    return new RecordCodec<>(shape, version, oldest, limit);
  }

  /** Returns a copy that limits the bytes of a record, written or read. */
  public RecordCodec<T> withLimit(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("limit: " + bytes + " (expected: 1 or more)");
    }
    return new RecordCodec<>(shape, version, minReader, bytes);
  }

  /**
   * Writes a record.
   *
   * @throws IllegalArgumentException if the record is too large, holds a null that is not {@code @Nullable}, a number
   * that is not finite, or text that is not Unicode
   */
  public byte[] encode(T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = reader.getFactory().createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField(VERSION, version);
      out.writeNumberField(MIN_READER, minReader);
      shape.writeFields(out, value);
      out.writeEndObject();
    } catch (IOException e) {
      throw new IllegalArgumentException(shape.name() + ": cannot be written as JSON", e);
    }
    if (bytes.size() > limit) {
      throw new IllegalArgumentException(shape.name() + ": " + sizeReason(bytes.size()));
    }
    return bytes.toByteArray();
  }

  /** Reads a record; whatever the bytes are, the answer is a value. */
  public Decoded<T> decode(byte[] data) {
    if (data.length > limit) {
      return new Decoded.Malformed<>(sizeReason(data.length));
    }
    try {
      JsonNode tree = reader.readTree(data);
      int writer = positive(tree, VERSION);
      int least = positive(tree, MIN_READER);
      return least > version
          ? new Decoded.TooNew<>(writer, least)
          : new Decoded.Value<>(shape.read(tree), writer);
    } catch (StreamConstraintsException e) {
      return new Decoded.Malformed<>("too deep, or a number too long");
    } catch (JsonProcessingException e) {
      long offset = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
      return new Decoded.Malformed<>("no JSON, or a field twice, at byte " + offset);
    } catch (MalformedException e) {
      return new Decoded.Malformed<>(e.reason());
    } catch (IOException e) {
      return new Decoded.Malformed<>("no JSON text: " + e.getClass().getSimpleName());
    }
  }

  private static int positive(JsonNode tree, String field) throws MalformedException {
    JsonNode number = tree.get(field);
    if (number == null
        || !number.isIntegralNumber()
        || !number.canConvertToInt()
        || number.intValue() < 1) {
      throw new MalformedException("expected a whole number, 1 or more").in("." + field);
    }
    return number.intValue();
  }

  private String sizeReason(int size) {
    return size + " bytes (expected: at most " + limit + ")";
  }

  private static ObjectReader boundedReader(int limit) {
    StreamReadConstraints bounds = StreamReadConstraints.builder()
        .maxNestingDepth(MAX_DEPTH)
        .maxNumberLength(MAX_NUMBER)
        .maxStringLength(limit)
        .maxNameLength(limit)
        .maxDocumentLength(limit)
        .build();
    JsonFactory factory = JsonFactory.builder()
        .streamReadConstraints(bounds)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build()
        .reader();
  }
}
