package dev.coxswain.executors.actions.expression;

import java.util.List;

/** An expression as a tree. {@code at} is its place in the source text. */
sealed interface Expression {
    /** Where it stands in the source. */
    int at();

    /** The parts of it, in the order of the text. */
    List<Expression> parts();

    /** Levels of it, 1 for a leaf; bounded by the parser, so that walking down is safe. */
    default int height() {
        return 1 + parts().stream().mapToInt(Expression::height).max().orElse(0);
    }

    /** Whether it asks how the job goes: then nothing is implied about that. */
    default boolean asksForStatus() {
        return parts().stream().anyMatch(Expression::asksForStatus);
    }

    /** A constant. */
    record Literal(Value value, int at) implements Expression {
        @Override
        public List<Expression> parts() {
            return List.of();
        }
    }

    /** A context. */
    record Name(String name, int at) implements Expression {
        @Override
        public List<Expression> parts() {
            return List.of();
        }
    }

    /** {@code of.name}. */
    record Property(Expression of, String name, int at) implements Expression {
        @Override
        public List<Expression> parts() {
            return List.of(of);
        }
    }

    /** {@code of[index]}. */
    record Index(Expression of, Expression index, int at) implements Expression {
        @Override
        public List<Expression> parts() {
            return List.of(of, index);
        }
    }

    /** {@code of.*}. */
    record Star(Expression of, int at) implements Expression {
        @Override
        public List<Expression> parts() {
            return List.of(of);
        }
    }

    /** {@code !of}. */
    record Not(Expression of, int at) implements Expression {
        @Override
        public List<Expression> parts() {
            return List.of(of);
        }
    }

    /** Two values and how they are to compare. */
    record Compare(Comparison how, Expression left, Expression right, int at) implements Expression {
        @Override
        public List<Expression> parts() {
            return List.of(left, right);
        }
    }

    /** {@code a && b && …}: the first that is not true, else the last. */
    record All(List<Expression> parts, int at) implements Expression {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** {@code a || b || …}: the first that is true, else the last. */
    record Any(List<Expression> parts, int at) implements Expression {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** A call; the number of its arguments is right. */
    record Call(Function function, List<Expression> parts, int at) implements Expression {
        public Call {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean asksForStatus() {
            return function.asksForStatus() || parts.stream().anyMatch(Expression::asksForStatus);
        }
    }

    /** How two values may compare. */
    enum Comparison {
        EQUAL("=="), UNEQUAL("!="), LESS("<"), AT_MOST("<="), MORE(">"), AT_LEAST(">=");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }
}
