package dev.coxswain.supervisor.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.coxswain.supervisor.coderunner.TrustedProxies;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The types of single values. None of their messages quotes the value, except words of a closed list. */
final class Values {
    /** What a name of a pool, control plane or executor looks like: it becomes a label and a part of file names. */
    static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    static final String NAME_HINT = "use at most 63 letters, digits, dots, dashes and underscores, and begin with a letter or digit";
    static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]{0,127}";
    private static final String VARIABLE_HINT = "use letters, digits and underscores";
    private static final String PUT_IN = "\\$\\{";

    static final Scalar<String> NAMED = pattern("a name", NAME, "is not a name", NAME_HINT);
    static final Scalar<String> KUBERNETES_NAME = pattern("a name", "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
            "is not a name that Kubernetes takes", "use at most 63 lower-case letters, digits and dashes");
    static final Scalar<String> LABEL = pattern("a label", "[^\\s,\\p{Cntrl}]{1,100}", "is not a label",
            "use at most 100 characters without spaces and commas");
    /** A variable that the supervisor looks into. */
    static final Scalar<String> OWN_VARIABLE = pattern("a variable's name", VARIABLE, "is not a variable's name",
            VARIABLE_HINT);
    /** A variable that a job sees. */
    static final Scalar<String> JOB_VARIABLE = new Scalar<>("a variable's name", true, Values::jobVariable,
            schema -> schema.put("type", "string").put("pattern", "^" + VARIABLE + "$"));
    static final Scalar<String> SECRET = new Scalar<>("a secret", true, Values::secret,
            schema -> schema.put("type", "string"));
    /** A secret, or what a protocol calls a credential: words, of which one is the secret. */
    static final Scalar<String> CREDENTIAL = new Scalar<>("a credential", true, Values::credential,
            schema -> schema.put("type", "string"));
    static final Scalar<String> FILE = new Scalar<>("a file name", true, Values::fileName,
            schema -> schema.put("type", "string"));
    static final Scalar<ListenAddress> LISTEN = new Scalar<>("host:port", true, ListenAddress::parse,
            schema -> schema.put("type", "string").put("pattern", ":[0-9]{1,5}$|" + PUT_IN));
    static final Scalar<String> NETWORK = new Scalar<>("an address or network", true, Values::network,
            schema -> schema.put("type", "string"));
    static final Scalar<URI> URL = new Scalar<>("a URL", true, Values::url,
            schema -> schema.put("type", "string").put("pattern", "^[Hh][Tt][Tt][Pp][Ss]?://|" + PUT_IN));

    static final Scalar<String> NAMESPACE = pattern("a namespace", "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
            "is no name of a namespace", "a-z, 0-9 and - only, 63 at most");
    static final Scalar<String> SERVICE_ACCOUNT = pattern("a name", "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?",
            "is no name of a service account", "a-z, 0-9, - and . only");
    static final Scalar<Boolean> TRUTH = new Scalar<>("`true` or `false`", false, text -> switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new Refused("must be true or false", null);
    }, numberOr(truth -> truth.put("type", "boolean")));

    private Values() {}

    private static String network(String text) {
        try {
            TrustedProxies.rule(text);
            return text;
        } catch (IllegalArgumentException e) {
            throw new Refused("is no address or network", "write it as 10.1.2.3, 10.0.0.0/8 or fd00::/8");
        }
    }

    static Scalar<String> text(int minChars, int maxChars) {
        return new Scalar<>("a text", true, text -> {
            if (text.length() < minChars) {
                throw new Refused("must not be empty", null);
            }
            if (text.length() > maxChars) {
                throw new Refused("is longer than " + maxChars + " characters", null);
            }
            if (text.indexOf('\0') >= 0) {
                throw new Refused("has a NUL character", null);
            }
            return text;
        }, schema -> schema.put("type", "string"));
    }

    static Scalar<Integer> integer(int min, int max) {
        return new Scalar<>("a whole number", false, text -> {
            if (!text.matches("-?[0-9]{1,9}")) {
                throw new Refused("must be a whole number from " + min + " to " + max, null);
            }
            int value = Integer.parseInt(text);
            if (value < min || value > max) {
                throw new Refused("must be from " + min + " to " + max, null);
            }
            return value;
        }, numberOr(number -> number.put("type", "integer").put("minimum", min).put("maximum", max)));
    }

    /** A number above 0. */
    static Scalar<Double> positive(int max) {
        return new Scalar<>("a number", false, text -> {
            if (!text.matches("-?[0-9]{1,9}(\\.[0-9]{1,9})?")) {
                throw new Refused("must be a number above 0, at most " + max, null);
            }
            double value = Double.parseDouble(text);
            if (value <= 0 || value > max) {
                throw new Refused("must be above 0 and at most " + max, null);
            }
            return value;
        }, numberOr(number -> number.put("type", "number").put("exclusiveMinimum", 0).put("maximum", max)));
    }

    static Scalar<Duration> duration(Duration min, Duration max) {
        return ranged("a duration", DurationText::parse, DurationText::format, min, max, DurationText.PATTERN);
    }

    static Scalar<Long> size(long minBytes, long maxBytes) {
        return ranged("a size", SizeText::parse, SizeText::format, minBytes, maxBytes, SizeText.PATTERN);
    }

    /** A size as Kubernetes writes it, or as it is written elsewhere here. */
    static Scalar<Long> quantity(long minBytes, long maxBytes) {
        return ranged("a size", QuantityText::size, SizeText::format, minBytes, maxBytes, QuantityText.SIZE_PATTERN);
    }

    /** Cores, as thousandths of one. */
    static Scalar<Long> cpu(long min, long max) {
        Scalar<Long> text = ranged("an amount of cores", QuantityText::cpu, QuantityText::formatCpu, min, max,
                QuantityText.CPU_PATTERN);
        return new Scalar<>(text.title(), true, text.parser(), schema -> {
            ArrayNode any = schema.putArray("anyOf");
            any.addObject().put("type", "number").put("exclusiveMinimum", 0);
            text.describe().accept(any.addObject());
        });
    }

    /** A share that is written as a percentage, as 0 to 1. */
    static Scalar<Double> percentage(double min, double max) {
        return ranged("a percentage", PercentText::parse, PercentText::format, min, max, PercentText.PATTERN);
    }

    /** One of a closed list of words; {@code later} holds those that a later version knows. */
    static Scalar<String> choice(List<String> known, List<String> later) {
        return new Scalar<>("a word", true, text -> {
            if (known.contains(text)) {
                return text;
            }
            String all = String.join(", ", known);
            if (later.contains(text)) {
                throw new Refused(text + " is not in this version", "this one knows: " + all);
            }
            String near = Suggestion.nearest(text, known);
            throw new Refused("is not a known word",
                    near == null ? "use one of: " + all : "did you mean " + near + "?");
        }, schema -> {
            ArrayNode words = schema.putArray("enum");
            known.forEach(words::add);
        });
    }

    private static <T extends Comparable<T>> Scalar<T> ranged(String title, Scalar.Parser<T> parser,
            Function<T, String> format, T min, T max, String form) {
        return new Scalar<>(title, true, text -> {
            T value = parser.parse(text);
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new Refused("must be from " + format.apply(min) + " to " + format.apply(max), null);
            }
            return value;
        }, schema -> schema.put("type", "string").put("pattern", "^" + form + "$|" + PUT_IN));
    }

    private static Scalar<String> pattern(String title, String form, String refusal, String hint) {
        return new Scalar<>(title, true, text -> {
            if (!text.matches(form)) {
                throw new Refused(refusal, hint);
            }
            return text;
        }, schema -> schema.put("type", "string"));
    }

    private static Consumer<ObjectNode> numberOr(Consumer<ObjectNode> number) {
        return schema -> {
            ArrayNode any = schema.putArray("anyOf");
            number.accept(any.addObject());
            any.addObject().put("type", "string").put("pattern", PUT_IN);
        };
    }

    private static String jobVariable(String text) {
        if (!text.matches(VARIABLE)) {
            throw new Refused("is not a variable's name", VARIABLE_HINT);
        }
        if (text.startsWith("COX_")) {
            throw new Refused("is not allowed", "names that begin with COX_ belong to the supervisor");
        }
        return text;
    }

    /** A token goes into a header: visible ASCII only. */
    static String secret(String text) {
        if (text.isEmpty()) {
            throw new Refused("must not be empty", null);
        }
        if (text.length() > 4096) {
            throw new Refused("is longer than 4096 characters", null);
        }
        if (!text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new Refused("has spaces or characters that are not visible ASCII", null);
        }
        return text;
    }

    private static String credential(String text) {
        secret(text.replace(" ", ""));
        return text.strip();
    }

    private static String fileName(String text) {
        if (text.isEmpty()) {
            throw new Refused("must not be empty", null);
        }
        if (text.equals("~") || text.startsWith("~/")) {
            throw new Refused("begins with ~, which is not expanded", "write ${HOME} instead");
        }
        try {
            return Path.of(text).toString();
        } catch (InvalidPathException e) {
            throw new Refused("is not a file name", null);
        }
    }

    static URI url(String text) {
        if (text.length() > 2048) {
            throw new Refused("is longer than 2048 characters", null);
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        URI url;
        try {
            url = new URI(text.substring(0, end));
        } catch (URISyntaxException e) {
            throw new Refused("is not a URL", "write for example https://ci.example.org");
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new Refused("must begin with https:// or http://", null);
        }
        if (url.getRawUserInfo() != null) {
            throw new Refused("must not hold a user or a password", "credentials belong to the pool");
        }
        if (url.getHost() == null) {
            throw new Refused("has no host", "write for example https://ci.example.org");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new Refused("must not have a query or a fragment", "everything from ? or # on is not allowed");
        }
        if (url.getPort() == 0 || url.getPort() > 65535) {
            throw new Refused("has a port that is not from 1 to 65535", null);
        }
        return url;
    }
}
